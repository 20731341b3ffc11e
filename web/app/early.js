/**
 * Opens the WebSocket before the rest of the page is there, and keeps what comes until it is.
 * @module
 */

function dial() {
  const address = new URL('../live', import.meta.url); // Nothing imported: a socket need not wait for other modules.
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(address);
  socket.binaryType = 'arraybuffer';
  return socket;
}

const events = [];
let socket = dial();
socket.onopen = (event) => events.push(event);
socket.onmessage = (event) => events.push(event);
socket.onclose = (event) => events.push(event);

/** The first socket, and what it told so far; then new ones. @returns {{socket: WebSocket, events: Event[]}} */
export function line() {
  const first = socket ?? dial();
  socket = null;
  return { socket: first, events: events.splice(0) };
}
