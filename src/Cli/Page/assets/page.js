// Keeps the page up to date: events have the figures and the hosts, and say when there are new flows. All text is set as text, never as markup.
'use strict';

const get = id => document.getElementById(id);
const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });
const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;

// ---- figures and tables

const showFigures = figures => get('figures').replaceChildren(...figures.map(([name, value, detail, isBad]) => {
  const tile = document.createElement('div');
  tile.className = isBad ? 'tile bad' : 'tile';
  const number = document.createElement('dd');
  number.append(element('strong', value), ' ', element('span', detail));
  tile.append(element('dt', name), number);
  return tile;
}));

const showTable = (id, rows, newer) => {
  const table = get(id);
  const isNumber = [...table.tHead.rows[0].cells].map(cell => cell.classList.contains('n'));
  const focused = table.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  table.tBodies[0].replaceChildren(...rows.map(row => {
    const line = document.createElement('tr');
    line.className = row.mark;
    if (row.number > newer && !isStill) line.classList.add('new');
    row.cells.forEach((text, i) => {
      const cell = document.createElement(i === 0 ? 'th' : 'td');
      if (i === 0) cell.scope = 'row';
      if (isNumber[i]) cell.className = 'n';
      if (i === 0 && row.number > 0) {
        const link = element('a', text);
        link.href = `/flow?n=${row.number}`;
        cell.append(link);
      } else {
        cell.textContent = text;
      }
      line.append(cell);
    });
    return line;
  }));
  if (focused) table.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
};

// ---- suspicious flows: the server searches and sorts

const query = { q: '', sort: 'time', order: 'desc' };
let newest = -1, shown = 0, isAsking = false, isStale = false;

const readAddress = () => {
  const parameters = new URLSearchParams(location.search);
  for (const name of Object.keys(query)) query[name] = parameters.get(name) ?? query[name];
};

const askFlows = async () => {
  if (isAsking) {
    isStale = true;
    return;
  }
  isAsking = true;
  try {
    const parameters = new URLSearchParams(query);
    const answer = await fetch(`/flows.json?${parameters}`);
    if (answer.ok) {
      const flows = await answer.json();
      showTable('flows', flows.flows, shown || flows.newest);
      shown = flows.newest;
      if (get('found').textContent !== flows.found) get('found').textContent = flows.found;
      for (const link of document.querySelectorAll('.download')) link.search = `?${parameters}`;
    }
  } catch {
    // The run is not there; the events say so.
  }
  // A flood of new flows is asked for once in a while only.
  setTimeout(() => {
    isAsking = false;
    if (isStale) {
      isStale = false;
      askFlows();
    }
  }, 1000);
};

const ask = () => {
  history.replaceState(null, '', `/?${new URLSearchParams(query)}`);
  for (const heading of document.querySelectorAll('#flows th[aria-sort]')) {
    const isSorted = heading.firstChild.dataset.sort === query.sort;
    heading.setAttribute('aria-sort', !isSorted ? 'none' : query.order === 'asc' ? 'ascending' : 'descending');
  }
  isAsking = false;
  askFlows();
};

get('search').addEventListener('submit', event => {
  event.preventDefault();
  query.q = event.target.elements.q.value;
  ask();
});
get('search').elements.q.addEventListener('input', event => {
  query.q = event.target.value;
  ask();
});
get('flows').tHead.addEventListener('click', event => {
  const link = event.target.closest('a[data-sort]');
  if (!link) return;
  event.preventDefault();
  query.order = query.sort === link.dataset.sort && query.order === 'desc' ? 'asc' : 'desc';
  query.sort = link.dataset.sort;
  ask();
});

// ---- charts

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const short = (value, unit) => {
  if (value == null) return '–';
  const place = value < 1000 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), 5);
  return `${+(value / 1000 ** place).toPrecision(3)} ${['', 'k', 'M', 'G', 'T', 'P'][place]}${unit}`.trim();
};
const two = number => String(number).padStart(2, '0');
const clock = (_, times) => times.map(time => {
  const at = new Date(time * 1000);
  return `${two(at.getHours())}:${two(at.getMinutes())}${at.getSeconds() ? ':' + two(at.getSeconds()) : ''}`;
});
const charts = [];
let names = [], samples = [], seconds = 300;

// Counters become rates between two samples, however far apart: who has missed some sees their mean.
const rate = name => {
  const column = names.indexOf(name);
  return samples.map((sample, i) => i === 0 ? null
    : Math.max(sample[column] - samples[i - 1][column], 0) * 1000 / Math.max(sample[0] - samples[i - 1][0], 1));
};
const value = name => samples.map(sample => sample[names.indexOf(name)]);
const share = name => {
  const all = ['benign', 'undecided', 'malicious'].map(rate);
  const own = all[['benign', 'undecided', 'malicious'].indexOf(name)];
  return own.map((part, i) => {
    const sum = all[0][i] + all[1][i] + all[2][i];
    return sum > 0 ? 100 * part / sum : null;
  });
};
const definitions = [
  { id: 'packets', unit: '', series: [['packets', '--benign', () => rate('packets')], ['dropped', '--malicious', () => rate('dropped')]] },
  { id: 'traffic', unit: 'bit/s', series: [['traffic', '--benign', () => rate('bytes').map(bytes => bytes == null ? null : 8 * bytes)]] },
  {
    id: 'verdicts', unit: '%', range: [0, 100], series: ['benign', 'undecided', 'malicious'].map((name, i) =>
      [name, ['--benign', '--other', '--malicious'][i], () => share(name)]),
  },
  { id: 'memory', unit: 'B', series: [['memory', '--other', () => value('memory')]] },
];

const drawCharts = () => {
  for (const chart of charts.splice(0)) chart.plot.destroy();
  for (const definition of definitions) {
    const place = get(`chart-${definition.id}`);
    if (!place) continue;
    const text = (_, number) => short(number, definition.unit);
    const axis = { stroke: colour('--quiet'), grid: { stroke: colour('--grid'), width: 1 }, ticks: { show: false } };
    const plot = new uPlot({
      width: place.clientWidth, height: 190, cursor: { y: false, drag: { x: false } }, pxAlign: 0,
      scales: { y: { range: definition.range ?? ((_, low, high) => [0, high > 0 ? high * 1.08 : 1]) } },
      axes: [{ ...axis, size: 26, space: 70, values: clock }, { ...axis, size: 74, values: (_, numbers) => numbers.map(number => short(number, definition.unit)) }],
      series: [{ label: 'at', value: '{HH}:{mm}:{ss}' }, ...definition.series.map(([label, name]) =>
        ({ label, stroke: colour(name), width: 1.75, value: text, points: { show: false }, spanGaps: true }))],
    }, [[], ...definition.series.map(() => [])], place);
    charts.push({ definition, plot, place });
  }
  updateCharts();
};

const updateCharts = () => {
  const end = samples.length ? samples.at(-1)[0] : 0;
  const from = samples.findIndex(sample => sample[0] >= end - seconds * 1000);
  for (const { definition, plot, place } of charts) {
    const columns = definition.series.map(([, , read]) => read().slice(Math.max(from, 0)));
    plot.setData([samples.slice(Math.max(from, 0)).map(sample => sample[0] / 1000), ...columns]);
    plot.setScale('x', { min: end / 1000 - seconds, max: end / 1000 });
    const now = definition.series.map(([label], i) => `${label} ${short(columns[i].at(-1), definition.unit)}`).join(', ');
    place.setAttribute('aria-label', `${place.previousElementSibling.textContent}: ${now}`);
  }
};

const askSeries = async () => {
  const answer = await fetch('/series.json');
  if (!answer.ok) return;
  ({ names, samples } = await answer.json());
  get('charts').hidden = false;
  drawCharts();
};

get('span').addEventListener('click', event => {
  if (!event.target.dataset.seconds) return;
  seconds = +event.target.dataset.seconds;
  for (const button of get('span').children) button.setAttribute('aria-pressed', button === event.target);
  updateCharts();
});
let width = innerWidth;
addEventListener('resize', () => {
  if (innerWidth !== width) drawCharts();
  width = innerWidth;
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawCharts);

// ---- events

let run = null;
const say = text => {
  if (get('connection').textContent !== text) get('connection').textContent = text;
};
const take = now => {
  say(now.over ? 'The run is over.' : 'Live: the figures are of this second.');
  if (run !== now.run) {
    run = now.run;
    newest = -1;
    shown = 0;
    samples = [];
    askSeries();
  } else if (samples.length && now.sample[0] > samples.at(-1)[0]) {
    samples.push(now.sample);
    if (samples.length > 3600) samples.shift();
    if (!document.hidden) updateCharts();
  }
  showFigures(now.figures);
  showTable('talkers', now.talkers, Infinity);
  showTable('hosts', now.hosts, Infinity);
  get('problems').hidden = now.problems.length === 0;
  get('problems').replaceChildren(...now.problems.map(problem => element('li', problem)));
  if (now.newest !== newest) {
    newest = now.newest;
    askFlows();
  }
};
const listen = () => {
  const events = new EventSource('/events');
  events.onmessage = event => take(JSON.parse(event.data));
  events.onerror = () => {
    say('The run does not answer; trying again.');
    // A refusal ends the events for good, a connection that is lost does not.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  };
};

readAddress();
listen();
