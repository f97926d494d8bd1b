import { dirname, join, resolve } from "node:path";
import { createPdfServer } from "./pdf-server.js";

// Beside this program, wherever that is: the image and the emulator differ in it.
const fonts = join(dirname(resolve(process.argv[1] ?? ".")), "fonts");
const port = Number(process.env.PORT ?? 8080);

const server = createPdfServer({
  regular: join(fonts, "DejaVuSans.ttf"),
  bold: join(fonts, "DejaVuSans-Bold.ttf"),
});
server.listen(port, () => {
  const address = server.address();
  // Port 0 is any that is free; who starts it so must hear which.
  const at = typeof address === "object" ? address?.port : port;
  console.log(`The PDF service listens on port ${at}.`);
});

// The container's way to say that it goes to sleep; whoever still waits gets the answer.
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => server.close());
