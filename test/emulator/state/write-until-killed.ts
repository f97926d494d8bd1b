import { systemClock } from "../../../emulator/clock.js";
import { openState } from "../../../emulator/state/state.js";
import { gatewayDefaults } from "../../../protocol/gateway-settings.js";

/** A process that changes the state for ever, and says each change once it is acknowledged. */
async function main(directory: string): Promise<void> {
  const state = await openState(directory, { clock: systemClock });
  const start = state.gateways.list(state.accountId).length;
  for (let n = start; ; n += 2) {
    const ids = [`g${n}`, `g${n + 1}`];
    await Promise.all(
      ids.map(async (id) => {
        await state.gateways.create(id, gatewayDefaults);
        process.stdout.write(`${id}\n`);
      }),
    );
    const held = await state.workers.blobs.put(Buffer.from(`content ${n}`));
    held.release();
  }
}

void main(process.argv[2] ?? "");
