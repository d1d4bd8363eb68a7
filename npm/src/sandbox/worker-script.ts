/** The text of worker.ts with all that it imports; the build puts it here. */
declare const FTRACK_SANDBOX_WORKER: string;
export const workerScript: string = FTRACK_SANDBOX_WORKER;
