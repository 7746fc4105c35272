"""The browser's end of the live channel: it waits for word that what its page shows has changed.

The server's end is `otklik.live.channel`.
"""

CHANNEL_PATH = "/live"
UNKNOWN_TOKEN_CODE = 4404
"""The websocket closes with it when the page's subscription has ended: a rerun of the page brings another."""
POLL_SECONDS = 5.0
"""How often a page asks by itself while it can't be told: no screen is older than that."""
CHECK_SECONDS = 3.0
"""After word of a change the page asks once more: Streamlit drops a rerun that meets another one."""
RETRY_SECONDS = (1.0, 4.0)
"""Between two attempts to connect, at random: not all browsers come back at once."""
AGE_SECONDS = (240.0, 300.0)
"""A page without a change is drawn again after so many seconds, at random, so that the ages it shows stay right."""
QUARTER_HOUR_SECONDS = 900
"""A day of any time zone begins at a full quarter of an hour."""
QUARTER_HOUR_SPREAD_SECONDS = 30.0
EXPIRY_DELAY_SECONDS = 0.5
"""After a sign-in has ended, the page is drawn again, which finds nobody signed in."""
MAX_TIMER_MILLISECONDS = 2**31 - 1
"""A browser's timer that is set to more runs out at once."""

CHANNEL_SCRIPT = f"""
const between = (from, to) => 1000 * (from + Math.random() * (to - from));

const secondsOfClock = (text) => {{
  const parts = text.match(/(\\d\\d):(\\d\\d):(\\d\\d)/);
  return parts && 3600 * parts[1] + 60 * parts[2] + +parts[3];
}};
const clockOfSeconds = (seconds) => [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60]
  .map(part => String(Math.floor(part)).padStart(2, "0")).join(":");

// The time of the data goes on while the server would tell of a change, and stands still otherwise. Streamlit's text
// nodes stay, whatever they hold: React would no longer find them.
const tickClock = (channel) => {{
  const element = document.querySelector(".st-key-status-line strong");
  const seconds = element && secondsOfClock(element.textContent);
  if (seconds == null) return;
  if (element.textContent !== channel.shownTime) channel.drawn = {{ seconds, at: performance.now() }};
  if (channel.ticks && channel.socket?.readyState === WebSocket.OPEN) {{
    const passed = (performance.now() - channel.drawn.at) / 1000;
    let rest = element.textContent.replace(/\\d\\d:\\d\\d:\\d\\d/, clockOfSeconds(channel.drawn.seconds + passed));
    for (const node of element.childNodes) {{
      const length = node.textContent.length;
      node.textContent = rest.slice(0, length);
      rest = rest.slice(length);
    }}
  }}
  channel.shownTime = element.textContent;
}};

const checkLater = (channel) => {{
  clearTimeout(channel.checking);
  channel.checking = setTimeout(() => {{
    channel.beat();
    if (channel.drawnVersion < channel.version) checkLater(channel);
  }}, {CHECK_SECONDS * 1000:.0f});
}};

const connect = (channel) => {{
  const url = new URL("{CHANNEL_PATH}", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.search = new URLSearchParams({{ token: channel.token, version: channel.version }});
  const socket = channel.socket = new WebSocket(url);
  const poll = () => {{ channel.polling ??= setInterval(() => channel.beat(), {POLL_SECONDS * 1000:.0f}); }};
  socket.onopen = () => {{ clearInterval(channel.polling); channel.polling = null; checkLater(channel); }};
  socket.onmessage = (message) => {{ channel.version = +message.data; channel.beat(); checkLater(channel); }};
  socket.onclose = (event) => {{
    if (channel.socket !== socket) return;
    poll();
    if (event.code === {UNKNOWN_TOKEN_CODE}) return;
    setTimeout(() => {{ if (channel.socket === socket) connect(channel); }}, between{RETRY_SECONDS});
  }};
}};

const scheduleAging = (channel) => {{
  clearTimeout(channel.aging);
  const toQuarterHour = 1000 * {QUARTER_HOUR_SECONDS} - Date.now() % (1000 * {QUARTER_HOUR_SECONDS});
  const delay = Math.min(between{AGE_SECONDS}, toQuarterHour + between(0, {QUARTER_HOUR_SPREAD_SECONDS}));
  channel.aging = setTimeout(() => {{ channel.beat(); scheduleAging(channel); }}, delay);
}};

const scheduleExpiry = (channel, seconds) => {{
  clearTimeout(channel.expiring);
  if (seconds == null) return;
  const delay = Math.min(1000 * (seconds + {EXPIRY_DELAY_SECONDS}), {MAX_TIMER_MILLISECONDS});
  channel.expiring = setTimeout(() => channel.beat(), delay);
}};

const keepChannel = (element, data, beat) => {{
  const channel = element.liveChannel ??= {{}};
  channel.beat = beat;
  channel.ticks = data.ticks;
  channel.drawnVersion = data.version;
  if (channel.token !== data.token) {{
    closeSocket(channel);
    Object.assign(channel, {{ token: data.token, version: data.version }});
    connect(channel);
  }}
  channel.ticking ??= setInterval(() => tickClock(channel), 1000);
  scheduleAging(channel);
  scheduleExpiry(channel, data.expires_in);
}};

const closeSocket = (channel) => {{
  const socket = channel.socket;
  channel.socket = null;
  socket?.close();
}};

const closeChannel = (element) => {{
  const channel = element.liveChannel;
  if (!channel) return;
  closeSocket(channel);
  clearInterval(channel.ticking);
  clearInterval(channel.polling);
  clearTimeout(channel.checking);
  clearTimeout(channel.aging);
  clearTimeout(channel.expiring);
  delete element.liveChannel;
}};
"""
"""JavaScript for the top of a component's module: `keepChannel` waits for changes, `closeChannel` ends that."""
