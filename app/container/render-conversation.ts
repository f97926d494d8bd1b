import type { Readable } from "node:stream";
import PDFDocument from "pdfkit";
import type { Conversation, ConversationMessage } from "./conversation.js";

/** Files of the fonts to embed. */
export interface Fonts {
  readonly regular: string;
  readonly bold: string;
}

const MARGIN = 56;
const GREY = "#5a6270";

/** A room's conversation as a PDF: who said what when, on numbered pages. */
export function renderConversation({ room, messages }: Conversation, fonts: Fonts): Readable {
  const document = new PDFDocument({
    size: "A4",
    margin: MARGIN,
    // The number of pages is known at the end only.
    bufferPages: true,
    // Else the library begins with a font that knows Latin letters only.
    font: fonts.regular,
    lang: "und",
    info: { Title: `Conversation in ${room}`, Creator: "Chat on AI Gateway" },
  });
  const print = new Print(document, fonts);
  print.title(`#${room}`, `${count(messages.length)}, times in UTC`);
  for (const message of messages) print.message(message);
  print.pageNumbers();
  document.end();
  return document as unknown as Readable;
}

class Print {
  readonly #document: PDFKit.PDFDocument;
  readonly #fonts: Fonts;

  constructor(document: PDFKit.PDFDocument, fonts: Fonts) {
    this.#document = document;
    this.#fonts = fonts;
  }

  title(title: string, below: string): void {
    this.#document.font(this.#fonts.bold).fontSize(20).fillColor("black").text(clean(title));
    this.#document.font(this.#fonts.regular).fontSize(9).fillColor(GREY).text(below).moveDown(1.5);
  }

  message(message: ConversationMessage): void {
    const { author, text, at, state, error } = message;
    const document = this.#document;
    // A name alone at the foot of a page helps nobody.
    if (document.y > document.page.height - MARGIN - 40) document.addPage();
    document.font(this.#fonts.bold).fontSize(10).fillColor("black");
    document.text(`${clean(author)}${label(message)}`, { continued: true });
    document
      .font(this.#fonts.regular)
      .fontSize(8)
      .fillColor(GREY)
      .text(`   ${time(at)}`);
    document.fontSize(10.5).fillColor("black").text(clean(text), { lineGap: 2 });
    const note = state === "failed" ? (error ?? "failed") : state === "streaming" ? "…" : "";
    if (note) document.fontSize(9).fillColor("#a02020").text(clean(note));
    document.moveDown(0.8);
  }

  pageNumbers(): void {
    const document = this.#document;
    const { count: pages } = document.bufferedPageRange();
    for (let page = 0; page < pages; page++) {
      document.switchToPage(page);
      // Text below the margin would begin a page of its own.
      document.page.margins.bottom = 0;
      document
        .font(this.#fonts.regular)
        .fontSize(8)
        .fillColor(GREY)
        .text(`${page + 1} / ${pages}`, MARGIN, document.page.height - MARGIN / 2, {
          align: "center",
          width: document.page.width - 2 * MARGIN,
          lineBreak: false,
        });
    }
  }
}

const label = ({ kind }: ConversationMessage): string =>
  kind === "question" ? " asks" : kind === "summary" ? " sums up" : "";

const time = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ");

const count = (messages: number): string => `${messages} message${messages === 1 ? "" : "s"}`;

/** Control characters have no glyphs; lines end with one kind of break. */
const clean = (text: string): string =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(/\t/g, "    ")
    .replace(/[^\P{C}\n\u200c\u200d]/gu, "");
