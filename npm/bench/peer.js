export { Session } from "@ftrack/api";
