/**
 * When to draw.
 * @module
 */

/** Drawing takes at most a quarter of the time: the processor that draws is often the one that trains. */
const SHARE = 4;
/** Milliseconds that a drawing is put off at most, however slow the machine: someone may be waiting for it. */
const LONGEST_WAIT = 500;

const due = new Set();
let asked = false;
let notBefore = 0;

// A message sent in an animation frame arrives when the browser has also laid out and painted what the frame changed.
const painted = new MessageChannel();
painted.port1.onmessage = ({ data: start }) => {
  const now = performance.now();
  notBefore = now + Math.min(LONGEST_WAIT, (SHARE - 1) * (now - start));
};

/**
 * @param {() => void} draw
 * @returns {() => void} asks for a drawing; any number of calls make one, in the next animation frame that the time allows
 */
export function paced(draw) {
  return () => {
    due.add(draw);
    ask();
  };
}

function ask() {
  if (asked) {
    return;
  }
  asked = true;
  const wait = notBefore - performance.now();
  if (wait > 4) {
    setTimeout(() => requestAnimationFrame(frame), wait);
  } else {
    requestAnimationFrame(frame);
  }
}

function frame() {
  asked = false;
  const start = performance.now();
  const draws = [...due];
  due.clear();
  for (const draw of draws) {
    try {
      draw();
    } catch (error) {
      reportError(error); // One that cannot be drawn does not take the others with it.
    }
  }
  painted.port2.postMessage(start);
}
