// Records each text that is drawn on a canvas inside of a clip, with how many pixels of it the clip cuts: canvasTexts.
// Streamlit's tables are drawn so, one clip a column.
(() => {
  const prototype = CanvasRenderingContext2D.prototype;
  const states = new WeakMap();
  const stateOf = (context) => {
    if (!states.has(context)) states.set(context, { limit: null, path: null, saved: [] });
    return states.get(context);
  };
  const before = (method, look) => {
    const original = prototype[method];
    prototype[method] = function (...args) {
      look(this, ...args);
      return original.apply(this, args);
    };
  };
  globalThis.canvasTexts = new Map();
  before("save", (context) => stateOf(context).saved.push(stateOf(context).limit));
  before("restore", (context) => {
    const state = stateOf(context);
    if (state.saved.length) state.limit = state.saved.pop();
  });
  before("beginPath", (context) => { stateOf(context).path = null; });
  before("rect", (context, left, top, width) => {
    const { a, e } = context.getTransform();
    stateOf(context).path = [left * a + e, (left + width) * a + e];
  });
  before("clip", (context) => {
    const state = stateOf(context);
    if (!state.path) return;
    const [left, right] = state.limit ?? [-Infinity, Infinity];
    state.limit = [Math.max(left, state.path[0]), Math.min(right, state.path[1])];
  });
  before("fillText", (context, drawn, x) => {
    const { limit } = stateOf(context);
    const text = String(drawn);
    if (!limit || !text.trim()) return;
    const { a, e } = context.getTransform();
    const width = context.measureText(text).width;
    const start = { center: x - width / 2, right: x - width, end: x - width }[context.textAlign] ?? x;
    const over = Math.max(limit[0] - (start * a + e), (start + width) * a + e - limit[1]) / a;
    canvasTexts.set(`${text}/${Math.round(limit[0])}`, { text, over });
  });
})();
