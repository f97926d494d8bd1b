// @ts-check
/** The chat page: joins the room its address names, and puts the parts together. */
import { announce } from "./announcer.js";
import { element, newId, ofThisTab, remembered } from "./browser.js";
import { Composer } from "./composer.js";
import { LogView } from "./log-view.js";
import { roomActions } from "./room-actions.js";
import { RoomClient } from "./room-client.js";
import { isRoomName, limits, toRoomName } from "./room-log.js";

const room = new URLSearchParams(location.search).get("room") ?? "";
const name = remembered.get("name") ?? "";
if (isRoomName(room) && name) chat();
else askWhere();

/** The form that leads to `/?room=…`; the browser itself follows it. */
function askWhere() {
  const roomField = /** @type {HTMLInputElement} */ (element("room"));
  const nameField = /** @type {HTMLInputElement} */ (element("name"));
  nameField.value = name;
  nameField.maxLength = limits.nameLength;
  roomField.value = toRoomName(room) || remembered.get("room") || "lobby";
  element("join").hidden = false;
  (name ? roomField : nameField).focus();
  element("join-form").addEventListener("submit", (event) => {
    const joined = toRoomName(roomField.value);
    const called = nameField.value.trim();
    roomField.value = joined;
    remembered.set("name", called);
    remembered.set("room", joined);
    if (joined && called && remembered.get("name") === called) return;
    event.preventDefault();
    element("join-error").textContent = !called
      ? "Say what others should call you."
      : !joined
        ? "The room needs a name of small letters, digits and hyphens."
        : "This browser forbids the page to remember your name; allow it to store data.";
  });
}

function chat() {
  document.title = room;
  element("title").textContent = room;
  element("chat").hidden = false;
  remembered.set("room", room);
  const person = remembered.get("person") ?? newId();
  remembered.set("person", person);

  const log = new LogView(name);
  const composer = new Composer(room, (type, text) => client[type](text));
  roomActions(room);
  const outboxKey = `outbox ${room}`;
  let unread = 0;
  let joined = false;

  /** @param {number} [after] */
  const address = (after) => {
    const socket = new URL(`/rooms/${room}/socket`, location.href);
    socket.protocol = socket.protocol.replace("http", "ws");
    socket.searchParams.set("name", name);
    socket.searchParams.set("person", person);
    if (after !== undefined) socket.searchParams.set("after", String(after));
    return socket.href;
  };

  /** A browser does not tell why a socket was refused; the same address does. */
  const explain = async () => {
    const response = await fetch(address().replace(/^ws/, "http")).catch(() => undefined);
    const needsUpgrade = response?.status === 426;
    const body = needsUpgrade ? undefined : await response?.json().catch(() => undefined);
    if (body?.error) composer.complain(String(body.error));
  };

  const client = new RoomClient({
    newId,
    outbox: {
      load: () => JSON.parse(ofThisTab.get(outboxKey) ?? "[]"),
      save: (frames) =>
        ofThisTab.set(outboxKey, frames.length ? JSON.stringify(frames) : undefined),
    },
    address,
    listener: {
      connection(state, failures) {
        showConnection(state, failures);
        if (!joined && failures === 3) explain();
      },
      welcomed({ messages, you }) {
        // The room may have tidied the name.
        log.me = you.name;
        if (!joined) log.showEarlier((messages[0]?.seq ?? 1) > 1);
        joined = true;
        log.ready();
      },
      people: showPeople,
      message(message, live) {
        log.put(message);
        if (!live || message.state === "streaming") return;
        const isMine = message.author === log.me && message.kind !== "answer";
        if (!isMine) announce(`${message.author}: ${message.text}`);
        if (!document.hidden) return;
        unread += 1;
        document.title = `(${unread}) ${room}`;
      },
      token: (id, added) => log.append(id, added),
      pending: (frame) => log.putPending(frame),
      rejected(frame, { message }) {
        composer.complain(message);
        const edit = () => {
          log.remove(frame.id);
          composer.giveBack(frame.text);
        };
        if (composer.isEmpty) edit();
        else log.reject(frame.id, message, { Edit: edit, Discard: () => log.remove(frame.id) });
      },
      error: ({ message }) => composer.complain(message),
      cleared() {
        joined = false;
        log.clear();
      },
    },
  });

  addEventListener("online", () => client.wake());
  addEventListener("offline", () => client.wake());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    unread = 0;
    document.title = room;
    client.wake();
  });
  foldPanel();
  client.start();
}

/** @param {import("./room-client.js").ConnectionState} state @param {number} failures */
function showConnection(state, failures) {
  const connection = element("connection");
  connection.dataset.state = state;
  const words = { connecting: "Connecting…", open: "Connected", reconnecting: "Reconnecting…" };
  connection.textContent = words[state];
  connection.title = failures > 2 ? `${failures} attempts failed.` : "";
}

/** @param {Pick<import("./room-client.js").PeopleFrame, "people" | "count">} frame */
function showPeople({ people, count }) {
  element("count").textContent = String(count);
  const items = people.map((person) => {
    const item = document.createElement("li");
    item.dir = "auto";
    item.textContent = person.name;
    return item;
  });
  if (count > people.length) {
    const more = document.createElement("li");
    more.textContent = `and ${count - people.length} more`;
    items.push(more);
  }
  element("people").replaceChildren(...items);
}

/** On a narrow screen the panel comes and goes; on a wide one it is always there. */
function foldPanel() {
  const button = element("panel-button");
  const panel = element("panel");
  /** @param {boolean} isOpen */
  const show = (isOpen) => {
    panel.classList.toggle("open", isOpen);
    button.setAttribute("aria-expanded", String(isOpen));
  };
  button.addEventListener("click", () => show(!panel.classList.contains("open")));
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !panel.classList.contains("open")) return;
    show(false);
    button.focus();
  });
  element("log").addEventListener("pointerdown", () => show(false));
  element("text").addEventListener("focus", () => show(false));
}
