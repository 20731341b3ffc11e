/**
 * When to draw.
 * @module
 */

/** Drawing takes at most a fifth of the time: the processor that draws is often the one that trains. */
const SHARE = 5;

/**
 * @param {() => void} draw
 * @returns {() => void} asks for a drawing; any number of calls make one, in an animation frame, not sooner than the last one's cost allows
 */
export function paced(draw) {
  let asked = false;
  let notBefore = 0;
  const frame = () => {
    asked = false;
    const start = performance.now();
    draw();
    const end = performance.now();
    notBefore = end + (SHARE - 1) * (end - start);
  };
  return () => {
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
  };
}
