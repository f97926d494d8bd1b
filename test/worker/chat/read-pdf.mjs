// Prints the text of each page of the PDF on standard input, as JSON. A program of its own: the
// library is an ES module, which Jest's CommonJS does not load.
import { buffer } from "node:stream/consumers";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";

const data = new Uint8Array(await buffer(process.stdin));
const document = await getDocument({ data, verbosity: 0 }).promise;
const pages = [];
for (let number = 1; number <= document.numPages; number++) {
  const { items } = await (await document.getPage(number)).getTextContent();
  pages.push(items.map(({ str }) => str).join(" "));
}
process.stdout.write(JSON.stringify(pages));
