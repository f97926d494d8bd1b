// Runs as a process of its own, to be killed: starts one container and says its process id.
import { request } from "node:http";
import { LocalEngine } from "../../../emulator/containers/local-engine.js";

const [directory = ""] = process.argv.slice(2);
const engine = new LocalEngine({
  image: () => ({ reference: "test:1", directory }),
  log: (line) => {
    const pid = /listens as (\d+)/.exec(line)?.[1];
    if (pid) console.log(`running ${pid}`);
  },
});

function post(path: string, body?: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(
      { socketPath: engine.socketPath().slice("unix:".length), path, method: "POST" },
      (response) => response.resume().once("end", resolve),
    );
    call.once("error", reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

void (async () => {
  await engine.start();
  await post("/containers/create?name=one", { Image: "test:1", Env: [] });
  await post("/containers/one/start");
})();
