// @ts-check
/** The chat page: joins the room its address names, and puts the parts together. */
import { announce } from "./announcer.js";
import { element, newId, ofThisTab, remembered } from "./browser.js";
import { Composer } from "./composer.js";
import { EarlierMessages } from "./earlier-messages.js";
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
    // Not the name it was loaded with: another tab may have changed it since.
    socket.searchParams.set("name", remembered.get("name") || name);
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
      welcomed({ you }) {
        // The room may have tidied the name.
        log.me = you;
        joined = true;
      },
      caughtUp() {
        log.ready();
        earlier.refresh();
      },
      people(frame) {
        // It may have been changed in another tab.
        log.me = frame.people.find(({ id }) => id === log.me.id) ?? log.me;
        showPeople(frame, log.me.id);
      },
      message(message, live) {
        log.put(message);
        if (!live || message.state === "streaming") return;
        // Also what was said in another tab.
        if (log.isMine(message)) return;
        announce(`${message.author}: ${message.text}`);
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
        earlier.refresh();
      },
    },
  });
  const earlier = new EarlierMessages(room, client, log);

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

/**
 * @param {Pick<import("./room-client.js").PeopleFrame, "people" | "count">} frame
 * @param {string | undefined} me
 */
function showPeople({ people, count }, me) {
  element("count").textContent = String(count);
  const items = people.map((person) => {
    const item = document.createElement("li");
    const called = document.createElement("bdi");
    called.textContent = person.name;
    item.append(called);
    // Somebody else may have the same name.
    if (person.id === me) item.append(" (you)");
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
