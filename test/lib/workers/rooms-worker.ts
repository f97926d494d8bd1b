import type { TerraformStack } from "cdktf";
import type { WorkerProps } from "../../../lib/index.js";
import { newBundle } from "../new-stack.js";
import { newWorker } from "./new-worker.js";

/** Exports the class Room, and another one as Table. */
export const roomsBundle = newBundle(
  "export class Room {}\nclass Desk {}\nexport { Desk as Table };\nexport default { fetch() {} };\n",
);

/** Rooms that are Durable Objects from the first deploy on. */
export const rooms: Partial<WorkerProps> = {
  durableObjects: { ROOM: { className: "Room" } },
  migrations: [{ newSqliteClasses: ["Room"] }],
};

/** A Worker named "worker" with a bundle that has classes; by default they are in use. */
export const newRoomsWorker = (props: Partial<WorkerProps> = rooms, stack?: TerraformStack) =>
  newWorker({ bundle: roomsBundle, ...props }, stack);
