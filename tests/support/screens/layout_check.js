// What on a page stands outside, is cut, or lies over something else: [{kind, text}], to be run in the page.
() => {
  const SLACK = 1.5;  // pixels: browsers round
  const faults = [];
  const report = (kind, text) => faults.push({ kind, text: text.replace(/\s+/g, " ").trim().slice(0, 160) });
  const name = (element) =>
    (element.closest('[class*="st-key-"]')?.className.toString().match(/st-key-[\w-]+/)?.[0] ??
      element.closest("[data-testid]")?.dataset.testid ?? element.tagName.toLowerCase());
  const isShown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });

  // The page.
  for (const scroller of [document.documentElement, ...document.querySelectorAll('[data-testid="stMain"]')]) {
    const over = scroller.scrollWidth - scroller.clientWidth;
    if (over > SLACK) report("page overflow", `${name(scroller)}: ${over} px wider than the screen`);
  }

  // The boxes of all texts in HTML, as far as the elements around them let them be seen.
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("svg, script, style, canvas, noscript") || !isShown(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter((rect) => rect.width > 1 && rect.height > 1);
    if (!rects.length) continue;
    const limits = visibleLimits(element);
    if (!limits) continue;
    if (rects.length > 1) brokenWords(node).forEach((word) => report("word broken", `${name(element)}: ${word}`));
    for (const rect of rects) {
      const cutX = Math.max(limits.left - rect.left, rect.right - limits.right);
      const cutY = Math.max(limits.top - rect.top, rect.bottom - limits.bottom);
      const isOutside = cutX >= rect.width || cutY >= rect.height;
      if (!limits.hasEllipsis && !isOutside && cutX > SLACK + 1) report("text cut", `${name(element)}: ${node.data}`);
      if (!isOutside && cutY > rect.height / 3) report("text cut below", `${name(element)}: ${node.data}`);
      if (rect.right > innerWidth + SLACK && !limits.scrolls && !isOutside) {
        report("text outside", `${name(element)}: ${node.data}`);
      }
      const left = Math.max(rect.left, limits.left), right = Math.min(rect.right, limits.right);
      const top = Math.max(rect.top, limits.top, limits.scrollTop);
      const bottom = Math.min(rect.bottom, limits.bottom, limits.scrollBottom);
      if (right > left && bottom > top) boxes.push({ left, right, top, bottom, node, text: node.data, element });
    }
    if (limits.ellipsisElement && !offersWhole(limits.ellipsisElement)) {
      report("cut text without its whole", `${name(element)}: ${node.data}`);
    }
  }
  overlaps(boxes).forEach(([one, other]) => report("texts overlap", `${name(one.element)}: ${one.text} | ${other.text}`));

  // Inputs, whose texts are no nodes: a value or a hint that is cut ends in a sign, and is whole under the mouse.
  const context = document.createElement("canvas").getContext("2d");
  for (const input of document.querySelectorAll("input:not([type=checkbox]):not([type=radio])")) {
    const text = input.value || input.placeholder;
    const style = getComputedStyle(input);
    if (!text || !isShown(input) || !visibleLimits(input)) continue;
    context.font = style.font;
    const room = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    if (room <= 2 || context.measureText(text).width <= room + SLACK) continue;
    input.dispatchEvent(new PointerEvent("pointermove", { bubbles: true }));
    const isMarked = style.textOverflow === "ellipsis";
    if (!isMarked || input.title !== text) report("input cut", `${name(input)}: ${text}`);
  }

  // Charts.
  for (const svg of document.querySelectorAll('[data-testid="stVegaLiteChart"] svg')) {
    if (!isShown(svg)) continue;
    const frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll("text")].filter(isDrawn).map((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { left, right, top, bottom, node: element, text: element.textContent, element };
    });
    for (const box of texts) {
      const over = Math.max(frame.left - box.left, box.right - frame.right, frame.top - box.top, box.bottom - frame.bottom);
      if (over > 2.5) report("text outside its chart", `${box.text} (${Math.round(over)} px)`);
    }
    overlaps(texts).forEach(([one, other]) => report("texts of a chart overlap", `${one.text} | ${other.text}`));
  }

  // Tables drawn on a canvas: see RECORD_CANVAS_TEXTS.
  for (const { text, over } of globalThis.canvasTexts?.values() ?? []) {
    if (over > SLACK) report("table text cut", `${text} (${Math.round(over)} px)`);
  }
  return faults;

  function visibleLimits(element) {
    const limits = { left: -1e6, right: 1e6, top: -1e6, bottom: 1e6, scrollTop: -1e6, scrollBottom: 1e6 };
    let isScrolledDown = false;  // what lies around a scroller cuts nothing of what can be scrolled to
    for (let around = element; around && around !== document.documentElement; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (style.position === "fixed" && around !== element && limits.scrolls) break;
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const rect = around.getBoundingClientRect();
      if (rect.width <= 2 || rect.height <= 2) return null;  // for screen readers alone
      if (style.overflowX !== "visible") {
        limits.left = Math.max(limits.left, rect.left);
        limits.right = Math.min(limits.right, rect.right);
        if (["auto", "scroll"].includes(style.overflowX) && around.scrollWidth > around.clientWidth + SLACK) {
          limits.scrolls = true;
          limits.hasEllipsis = true;  // what is scrolled to isn't cut
        }
        if (style.textOverflow === "ellipsis" && around.scrollWidth > around.clientWidth + SLACK) {
          limits.hasEllipsis = true;
          limits.ellipsisElement = around;
        }
      }
      if (["auto", "scroll"].includes(style.overflowY) && around.scrollHeight > around.clientHeight + SLACK) {
        isScrolledDown = true;
        if (around.dataset.testid === "stMain") continue;  // the page, of which all is looked at
        limits.scrollTop = Math.max(limits.scrollTop, rect.top);
        limits.scrollBottom = Math.min(limits.scrollBottom, rect.bottom);
      } else if (style.overflowY !== "visible" && !isScrolledDown) {
        limits.top = Math.max(limits.top, rect.top);
        limits.bottom = Math.min(limits.bottom, rect.bottom);
      }
    }
    return limits;
  }

  // Words whose letters stand on more than one line, though nothing in them says that they may be broken there.
  function brokenWords(node) {
    const range = document.createRange();
    return [...node.data.matchAll(/[\p{L}\p{N}]{2,}/gu)].filter(({ 0: word, index }) => {
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const tops = [...range.getClientRects()].filter((rect) => rect.width > 1).map((rect) => Math.round(rect.top));
      return new Set(tops).size > 1;
    }).map(([word]) => word);
  }

  // A title on the text or around it, or a tooltip that Streamlit hangs on it.
  function offersWhole(element) {
    const text = element.textContent.replace(/\s+/g, " ").trim();
    for (let around = element; around && around !== document.body; around = around.parentElement) {
      if ((around.title || around.ariaLabel || "").replace(/\s+/g, " ").includes(text)) return true;
    }
    return [...element.querySelectorAll("[title]")].some((inner) => inner.title.includes(text));
  }

  function isDrawn(element) {
    for (let around = element; around && around.tagName !== "svg"; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (style.opacity === "0" || style.display === "none" || style.visibility === "hidden") return false;
    }
    return Boolean(element.textContent.trim());
  }

  // Pairs of different texts that share more than a sliver of area.
  function overlaps(all) {
    const pairs = [];
    const sorted = [...all].sort((one, other) => one.top - other.top);
    sorted.forEach((one, n) => {
      for (let m = n + 1; m < sorted.length && sorted[m].top < one.bottom; m++) {
        const other = sorted[m];
        if (one.node === other.node) continue;
        const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const height = Math.min(one.bottom, other.bottom) - other.top;
        const low = Math.min(one.bottom - one.top, other.bottom - other.top);
        const narrow = Math.min(one.right - one.left, other.right - other.left);
        if (width > Math.min(2, narrow / 2) && height > low / 3) pairs.push([one, other]);
      }
    });
    return pairs;
  }
}
