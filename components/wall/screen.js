// Plays the scenes of a screen, one frame after the other. A websocket says which they are, when to jump to one, and
// when to load all of this again. The place in the playlist outlives a reload and a restart, of the browser too.
const settings = JSON.parse(document.getElementById("settings").textContent);
const stage = document.getElementById("stage");
const STORE = "otklik-screen";
const between = (from, to) => 1000 * (from + Math.random() * (to - from));
const state = {
  scenes: [], signature: "", index: 0, beganAt: Date.now(), isPaused: false, frame: null, next: null,
  refreshedAt: Date.now(), lastHeardAt: performance.now(), lastHeardTime: Date.now(), cutAt: performance.now(),
  reported: "", missingSince: null,
};

const save = () => {
  const { signature, index, beganAt, isPaused } = state;
  try { localStorage.setItem(STORE, JSON.stringify({ signature, index, beganAt, isPaused })); } catch { /* no storage */ }
};
const saved = () => {
  try { return JSON.parse(localStorage.getItem(STORE)) || {}; } catch { return {}; }
};

// What the server sent, and no error page of the browser: those belong to another origin.
const isAlive = (frame) => {
  try {
    return Boolean(frame?.contentDocument?.querySelector("#wall, [data-testid=stApp]"));
  } catch {
    return false;
  }
};

const onKey = (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "ArrowRight") step(1);
  else if (event.key === "ArrowLeft") step(-1);
  else if (event.key === " ") pause();
  else return;
  event.preventDefault();
  event.stopPropagation();
};

const pause = () => {
  state.isPaused = !state.isPaused;
  state.beganAt = Date.now();
  document.getElementById("paused").hidden = !state.isPaused;
  save();
};

const step = (by) => {
  if (state.scenes.length) show((state.index + by + state.scenes.length) % state.scenes.length, Date.now());
};

// The new frame comes in front once it is there; a scene that can't be loaded leaves the last one standing.
const show = (index, beganAt) => {
  Object.assign(state, { index, beganAt });
  save();
  state.next?.remove();
  const frame = state.next = document.createElement("iframe");
  const began = performance.now();
  frame.src = state.scenes[index].url;
  frame.title = frame.src;
  const check = setInterval(() => {
    if (state.next !== frame) return clearInterval(check);
    if (isAlive(frame)) {
      clearInterval(check);
      frame.contentWindow.addEventListener("keydown", onKey, true);
      state.next = null;
      reveal(frame);
    } else if (performance.now() - began > 1000 * settings.loadSeconds) {
      clearInterval(check);
      frame.remove();
      state.next = null;
    }
  }, 100);
  stage.append(frame);
};

const reveal = (frame) => {
  const previous = state.frame;
  state.frame = frame;
  state.missingSince = null;
  state.refreshedAt = Date.now();
  previous?.classList.replace("current", "leaving");
  frame.classList.add("current");
  document.getElementById("waiting").hidden = true;
  setTimeout(() => { previous?.remove(); }, 800);
  frame.focus();
  report();
  // The browser's memory of days is given back, at a moment when nobody sees it, and only if the server answers.
  if (performance.now() > 1000 * settings.pageSeconds && !state.cutAt) location.reload();
};

const report = () => {
  const refreshed = Math.max(state.refreshedAt, state.frame?.contentWindow?.otklikRefreshedAt || 0);
  const message = JSON.stringify({ shows: state.scenes[state.index]?.url || "", build: settings.build, refreshed });
  if (message === state.reported || socket?.readyState !== WebSocket.OPEN) return;
  socket.send(message);
  state.reported = message;
};

const play = (playlist) => {
  const signature = JSON.stringify(playlist);
  if (signature === state.signature) return;
  state.scenes = playlist.scenes;
  const before = saved();
  const isSame = before.signature === signature && before.index < playlist.scenes.length;
  state.signature = signature;
  state.isPaused = Boolean(isSame && before.isPaused);
  document.getElementById("paused").hidden = !state.isPaused;
  show(isSame ? before.index : 0, isSame ? Math.min(before.beganAt, Date.now()) : Date.now());
};

const takeIn = (message) => {
  if (message.reload || (message.build && message.build !== settings.build)) return location.reload();
  state.lastHeardAt = performance.now();
  state.lastHeardTime = Date.now();
  if (message.playlist) play(message.playlist);
  if (message.jump in state.scenes && !(state.frame && message.jump === state.index)) show(message.jump, Date.now());
  else if (message.jump === state.index) state.beganAt = Date.now();
  report();
};

const tick = () => {
  const scene = state.scenes[state.index];
  const hasEnded = scene && Date.now() - state.beganAt > 1000 * scene.seconds;
  if (hasEnded && !state.isPaused && !state.next) {
    if (state.scenes.length > 1) step(1);
    else if (performance.now() > 1000 * settings.pageSeconds && !state.cutAt) location.reload();
  }
  // A frame with an error page in it, or that failed to load, is tried again.
  if (scene && !state.next) {
    state.missingSince = isAlive(state.frame) ? null : state.missingSince ?? performance.now();
    if (state.missingSince !== null && performance.now() - state.missingSince > 1000 * settings.missingSeconds) {
      state.missingSince = null;
      show(state.index, state.beganAt);
    }
  }
  const silence = performance.now() - state.lastHeardAt;
  const isCut = silence > 1000 * settings.silenceSeconds
    || (state.cutAt && performance.now() - state.cutAt > 1000 * settings.cutSeconds);
  document.body.className = isCut ? "cut" : "";
  const time = new Intl.DateTimeFormat(settings.locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  document.getElementById("trouble").textContent =
    isCut ? settings.cutText.replace("{time}", time.format(state.lastHeardTime)) : "";
};

// If nothing comes for long though the server answers, this page is what is broken.
const watch = async () => {
  if (performance.now() - state.lastHeardAt < 1000 * settings.watchdogSeconds) return;
  try {
    if ((await fetch(location.href, { cache: "no-store" })).ok) location.reload();
  } catch { /* the server is away: a reload would leave the browser's error page */ }
};

let socket;
const connect = () => {
  const url = new URL(settings.channel, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.search = location.search;
  const opened = socket = new WebSocket(url);
  const watchdog = setInterval(() => {
    if (performance.now() - state.lastHeardAt > 2000 * settings.silenceSeconds) opened.close();
  }, 5000);
  opened.onopen = () => { Object.assign(state, { cutAt: null, lastHeardAt: performance.now(), reported: "" }); };
  opened.onmessage = (event) => takeIn(JSON.parse(event.data));
  opened.onclose = (event) => {
    clearInterval(watchdog);
    state.cutAt ??= performance.now();
    // The page itself says why nobody is let in any more.
    if (event.code === settings.refusedCode) return location.reload();
    setTimeout(connect, between(...settings.retrySeconds));
  };
};

addEventListener("keydown", onKey, true);
connect();
setInterval(tick, 500);
setInterval(watch, 10000);
