import { DeclaredContainer } from "../container/index.js";

/** The container that makes PDFs; its settings stand in the stack. */
export class PdfRenderer extends DeclaredContainer {}

/** Nobody asks this Worker itself: the chat Worker reaches the class. */
export default {
  fetch: () => Response.json({ error: "Not found." }, { status: 404 }),
} satisfies ExportedHandler;
