// Keeps a wall up to date over one websocket: each message has the sections that changed, or says up to when all is known.
const settings = JSON.parse(document.getElementById("settings").textContent);
const between = (from, to) => 1000 * (from + Math.random() * (to - from));
const timeText = (at) => new Intl.DateTimeFormat(settings.locale, {
  timeZone: settings.timezone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
}).format(at);
const state = { version: settings.version, knownUntil: settings.at, lastHeardAt: performance.now(), sections: {} };
// A screen's own clock may be wrong: the server's goes.
let clockOffset = settings.at - Date.now();
const now = () => Date.now() + clockOffset;

const ageText = (milliseconds) => {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const [amount, unit] = seconds < 60 ? [seconds, "second"] : seconds < 5400 ? [Math.round(seconds / 60), "minute"]
    : seconds < 129600 ? [Math.round(seconds / 3600), "hour"] : [Math.round(seconds / 86400), "day"];
  return new Intl.RelativeTimeFormat(settings.locale, { style: "short" }).format(-amount, unit);
};

const show = (sections) => {
  for (const [name, html] of Object.entries(sections)) {
    const element = document.getElementById(name);
    if (!element || state.sections[name] === html) continue;
    const before = [...element.children].map((child) => child.outerHTML);
    element.innerHTML = html;
    if (name in state.sections) {
      [...element.children].forEach((child, index) => {
        if (child.matches(".figure") && child.outerHTML !== before[index]) child.classList.add("changed");
      });
    }
    state.sections[name] = html;
  }
};

const takeIn = (message) => {
  if (message.build && message.build !== settings.build) return location.reload();
  clockOffset = message.now - Date.now();
  state.knownUntil = message.at;
  state.lastHeardAt = performance.now();
  // A screen that shows this page in a frame reports it.
  window.otklikRefreshedAt = Date.now();
  if (message.sections) {
    state.version = message.version;
    show(message.sections);
  }
  tick();
};

const troubleText = () => {
  const silence = performance.now() - state.lastHeardAt;
  if (silence > 1000 * settings.silenceSeconds || (state.cutAt && performance.now() - state.cutAt > 1000 * settings.cutSeconds)) {
    return ["cut", settings.cutText];
  }
  return now() - state.knownUntil > 1000 * settings.staleSeconds ? ["stale", settings.staleText] : ["", ""];
};

const tick = () => {
  const [kind, text] = troubleText();
  document.body.className = kind;
  const known = timeText(state.knownUntil);
  document.getElementById("trouble").textContent = text.replace("{time}", known);
  document.getElementById("clock").textContent = timeText(now()).slice(0, 5);
  document.getElementById("known").textContent = known;
  for (const element of document.querySelectorAll("time.age")) element.textContent = ageText(now() - element.dataset.at);
};

// Every minute the picture moves a little, so that no pixel shows the same for days.
const SHIFTS = [[0, 0], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1], [0, -1], [1, -1]];
const shift = () => {
  const [x, y] = SHIFTS[Math.floor(Date.now() / 60000) % SHIFTS.length];
  document.documentElement.style.setProperty("--shift-x", `${0.4 * x}vmin`);
  document.documentElement.style.setProperty("--shift-y", `${0.4 * y}vmin`);
};

const connect = () => {
  const url = new URL(settings.channel, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.search = new URLSearchParams([...new URLSearchParams(location.search), ["version", state.version]]);
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  // A connection that hangs is given up.
  const watchdog = setInterval(() => {
    if (performance.now() - state.lastHeardAt > 2000 * settings.silenceSeconds) socket.close();
  }, 5000);
  socket.onopen = () => { state.cutAt = null; state.lastHeardAt = performance.now(); };
  socket.onmessage = (event) => takeIn(JSON.parse(new TextDecoder().decode(event.data)));
  socket.onclose = (event) => {
    clearInterval(watchdog);
    state.cutAt ??= performance.now();
    // The page itself says why nobody is let in any more.
    if (event.code === settings.refusedCode) return location.reload();
    setTimeout(connect, between(...settings.retrySeconds));
  };
};

for (const element of document.querySelectorAll("#wall > section")) state.sections[element.id] = element.innerHTML;
connect();
tick();
shift();
setInterval(tick, 1000);
setInterval(shift, 60000);
