// A person at the page of a run: node page.mjs CHROMIUM SCENARIO URL [MORE]. Ends with an error where something is not as it should be.
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';

const { chromium } = createRequire(process.env.PLAYWRIGHT_CORE + '/')('playwright-core');
const [, , executablePath, scenario, url, more] = process.argv;
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const context = await browser.newContext({ javaScriptEnabled: scenario !== 'no-script' });
const page = await context.newPage();
page.setDefaultTimeout(60_000);
const faults = [];
const requested = [];
page.on('pageerror', error => faults.push(error.message));
page.on('dialog', dialog => faults.push('a dialog came up: ' + dialog.message()));
page.on('request', request => requested.push(request.url()));
const rows = () => page.locator('#flows tbody tr');
const first = column => rows().first().locator('th, td').nth(column).textContent();
const figure = async name => (await page.locator('#figures .tile', { hasText: name }).first().textContent());

const scenarios = {
  // Starts without flows, and fills while packets come.
  async fills() {
    await page.goto(url);
    await page.waitForSelector('#charts:not([hidden]) canvas');
    await page.waitForFunction(() => document.querySelectorAll('#flows tbody tr').length > 0);
    await page.waitForFunction(() => document.querySelectorAll('#talkers tbody tr').length > 0);
    assert.match(await figure('packets'), /[1-9]/);
    assert.match(await page.textContent('#connection'), /^Live/);
  },
  async sorts() {
    await page.goto(url);
    await page.waitForFunction(() => document.querySelectorAll('#flows tbody tr').length > 3);
    const bytes = page.locator('#flows thead a[data-sort=bytes]');
    await bytes.focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('#flows th[aria-sort=descending] a[data-sort=bytes]');
    const flows = await (await page.request.get(`${url}flows.json?sort=bytes`)).json();
    const sizes = flows.values.map(flow => flow.bytes);
    assert.deepEqual(sizes, [...sizes].sort((a, b) => b - a));
    await page.waitForFunction(number => document.querySelector('#flows tbody a').getAttribute('href') === `/flow?n=${number}`, flows.values[0].number);
    const host = flows.values[0].src_ip;
    await page.fill('#search input[name=q]', host);
    await page.waitForFunction(text => [...document.querySelectorAll('#flows tbody tr')].every(row => row.textContent.includes(text)), host);
    assert.ok(await rows().count() > 0);
    assert.match(await page.getAttribute('a.download', 'href'), new RegExp('q=' + host.replaceAll(':', '%3A')));
    await page.fill('#search input[name=q]', 'nobody-is-called-this');
    await page.waitForFunction(() => document.querySelectorAll('#flows tbody tr').length === 0);
  },
  async detail() {
    await page.goto(url);
    await rows().first().waitFor();
    await page.locator('#flows tbody a').first().click();
    await page.waitForSelector('table.columns');
    assert.ok(await page.locator('.pushes li').count() > 0);
    assert.ok(await page.locator('#neighbours').count() === 1);
    assert.ok(await page.locator('table.columns tbody tr').count() > 20);
  },
  async 'no-script'() {
    await page.goto(url);
    assert.match(await figure('packets'), /[1-9].* in all/);
    assert.ok(await rows().count() > 0);
    assert.ok(await page.locator('#charts').isHidden());
    await page.locator('#flows thead a', { hasText: 'score' }).click();
    assert.match(page.url(), /sort=score/);
    await page.locator('#flows tbody a').first().click();
    assert.ok(await page.locator('table.columns tbody tr').count() > 20);
  },
  // The run's name is markup: it is shown as text, and nothing of it runs.
  async hostile() {
    await page.goto(url);
    assert.ok((await page.textContent('#title')).includes(more));
    assert.equal(await page.locator('img').count(), 0);
    await page.goto(`${url}?q=${encodeURIComponent(more)}`);
    assert.equal(await page.inputValue('#search input[name=q]'), more);
    assert.equal(await page.locator('img').count(), 0);
  },
  // Says "ready"; the run is ended and started again; the page goes on by itself.
  async reconnects() {
    await page.goto(url);
    await page.waitForFunction(() => document.getElementById('connection').textContent.startsWith('Live'));
    console.log('ready');
    await page.waitForFunction(() => document.getElementById('connection').textContent.includes('trying again'));
    console.log('lost');
    await page.waitForFunction(() => document.getElementById('connection').textContent.startsWith('Live'));
  },
  async phone() {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(url);
    await rows().first().waitFor();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 360);
    assert.equal(await page.locator('main').count(), 1);
    assert.equal(await page.locator('h1').count(), 1);
    assert.equal(await page.evaluate(() => new Set([...document.querySelectorAll('[id]')].map(one => one.id)).size
      === document.querySelectorAll('[id]').length), true);
  },
};

await scenarios[scenario]();
assert.deepEqual(faults, []);
assert.ok(requested.every(one => one.startsWith(new URL(url).origin)), requested.join(' '));
await browser.close();
