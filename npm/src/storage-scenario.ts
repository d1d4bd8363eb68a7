import { DiskAccessor } from "./accessor-disk.js";
import { CENTRALISED_PRIORITY } from "./locations.js";
import { isNode, nodeFiles } from "./node.js";
import type { Logger } from "./schema-store.js";
import type { Session } from "./session.js";
import { StandardStructure } from "./structure.js";

/** What the server says of where the studio's files are. */
interface StorageScenario {
  scenario?: string;
  data?: { location_id?: string; accessor?: { mount_points?: Readonly<Record<string, string>> } };
}

const CENTRALISED = "ftrack.centralized-storage";

/**
 * Does what the server's storage scenario asks for: with centralised storage the studio's location is its mount point, where the program can
 * reach disks. Handlers of `ftrack.storage-scenario.activate` do other scenarios.
 */
export async function activateStorageScenario(session: Session, logger: Logger): Promise<void> {
  const scenario = session.serverInformation.storage_scenario as StorageScenario | null | undefined;
  if (!scenario?.scenario) return;
  const { location_id: id, accessor } = scenario.data ?? {};
  const mountPoint = isNode ? accessor?.mount_points?.[{ win32: "windows", darwin: "osx" }[process.platform as string] ?? "linux"] : undefined;
  if (scenario.scenario !== CENTRALISED || !id || !mountPoint) {
    // another scenario, or not for this kind of machine
  } else if (!(await isMounted(mountPoint))) {
    logger.warn(`location ${id}: the centralised storage is not mounted here`);
  } else {
    session.configureLocation(id, { accessor: new DiskAccessor(mountPoint), structure: new StandardStructure(), priority: CENTRALISED_PRIORITY });
  }
  session.components.sender.asked("ftrack.storage-scenario.activate", { storage_scenario: scenario });
}

/** Writing to what is not mounted would put files where nobody looks for them. */
async function isMounted(path: string): Promise<boolean> {
  return nodeFiles().then(async ({ fs }) => (await fs.stat(path)).isDirectory()).catch(() => false);
}
