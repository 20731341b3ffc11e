/**
 * One question at a time, and of those that come meanwhile only the newest: a drag asks a hundred times a second.
 * @module
 */
export class Newest {
  #busy = false;
  #next = null;

  /** @param {() => Promise<void>} ask */
  async ask(ask) {
    this.#next = ask;
    if (this.#busy) {
      return;
    }
    this.#busy = true;
    while (this.#next) {
      const now = this.#next;
      this.#next = null;
      await now().catch(() => {}); // who asks says what went wrong
    }
    this.#busy = false;
  }
}
