// @ts-check
import { Buttons } from './buttons.js';
import { Checklist } from './checklist.js';
import { Covers, LightField } from './light.js';
import { Link } from './link.js';
import { Notice } from './notice.js';
import { Scan } from './scan.js';
import { Timing } from './timing.js';
import { leftMs, validity } from './validity.js';

/** @typedef {import('./validity.js').Heard} Heard */
/** @typedef {import('./light.js').LightState} LightState */

/** @type {LightState} What is shown until the table is known. */
const unknown = {
	colour: 'dark',
	screen: '#767676',
	pattern: { words: 'dark', steps: [0, 1000] },
	text: "DON'T KNOW",
	detail: 'The picture cannot be judged now.',
	symbol: '?',
};

/** Guidance that rests on no picture: it does not know what is in view. */
const blind = new Set(['starting', 'no-signal', 'stuck', 'frozen', 'dont-know', 'fault']);

/** @type {Record<string, LightState>} */
let lights = {};
/** @type {Record<string, string>} */
let names = {};
let connected = false;

const light = new LightField();
const covers = new Covers();
const scan = new Scan();
const checklist = new Checklist();
const notice = new Notice();
const timing = new Timing();
const buttons = new Buttons(notice);
const link = new Link(hear);

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const sentence = byId('sentence');
const landmark = byId('landmark');
const examination = byId('examination');

/** @param {string} site */
const nameOf = (site) => names[site] ?? site;

/**
 * Writes only what has changed: a screen reader speaks each change.
 * @param {HTMLElement} element
 * @param {string} text
 */
function say(element, text) {
	if (element.textContent !== text) element.textContent = text;
}

/** @param {Heard} heard */
function hear(heard) {
	connected = true;
	checklist.show(heard, nameOf);
	buttons.show(heard);
	say(examination, examinationWords(heard));
	turn();
	covers.lift(document.hidden ? 0 : leftMs(heard, link.ageMs(performance.now())));
}

/** @param {Heard} heard */
function examinationWords({ phase, examination }) {
	if (phase === 'running') return `Examination ${examination} is running`;
	if (phase === 'over') return `Examination ${examination} has ended`;
	return 'Ready for an examination';
}

/** @param {Heard} heard */
function landmarkWords({ guidance, landmark }) {
	if (landmark) return nameOf(landmark);
	return blind.has(guidance) ? "don't know" : 'none';
}

/** Decides what may be shown at this moment, and shows it. */
function turn() {
	const nowMs = performance.now();
	const { heard } = link;
	const what = document.hidden ? 'lost' : validity(heard, link.ageMs(nowMs));
	document.body.dataset.link = what === 'lost' ? 'lost' : 'open';
	if (heard === null || what !== 'fresh') withhold(what, nowMs);
	else showHeard(heard, nowMs);
	light.turn(nowMs);
	scan.turn(nowMs);
}

/**
 * @param {Heard} heard
 * @param {number} nowMs
 */
function showHeard(heard, nowMs) {
	const state = lights[heard.guidance];
	light.show(state ? heard.guidance : 'dont-know', state ?? unknown, nowMs);
	say(sentence, heard.trouble ?? (state ?? unknown).detail);
	say(landmark, landmarkWords(heard));
	checklist.mark(heard.site, heard.guidance === 'searching' ? 'next' : 'now');
	scan.want(heard.signal === 'ok' && heard.scene === 'live');
	buttons.enable(true);
}

/**
 * @param {import('./validity.js').Validity} why
 * @param {number} nowMs
 */
function withhold(why, nowMs) {
	light.show('dont-know', lights['dont-know'] ?? unknown, nowMs);
	if (why === 'lost') say(sentence, connected ? 'Connection to the box lost' : 'Connecting to the box.');
	else say(sentence, link.heard?.trouble ?? 'The box has no fresh result. Wait a moment.');
	say(landmark, "don't know");
	checklist.mark(null, 'now');
	scan.want(false);
	buttons.enable(why !== 'lost');
}

/** @param {string} path */
async function get(path) {
	const response = await fetch(path, { signal: AbortSignal.timeout(2000) });
	if (!response.ok) throw new Error(`${path}: ${response.status}`);
	return response.json();
}

async function learnBox() {
	try {
		if (Object.keys(lights).length === 0) ({ lights, sites: names } = await get('api/lights'));
		const [info, alerts, times] = await Promise.all([get('api/info'), get('api/alerts'), get('api/timing')]);
		say(byId('label'), info.label || info.box);
		byId('label').classList.toggle('identify', info.identifying);
		byId('simulated').hidden = !info.simulated;
		notice.alerts(alerts);
		timing.show(times);
	} catch {
		// The light says that the connection is lost; asked again below.
	}
	setTimeout(learnBox, Object.keys(lights).length === 0 ? 300 : 2000);
}

function frame() {
	turn();
	requestAnimationFrame(frame);
}

// A page out of sight shows nothing but *don't know*, so that it has nothing else to show first when it wakes.
function sleep() {
	link.forget();
	covers.lift(0);
	turn();
}
document.addEventListener('visibilitychange', sleep);
window.addEventListener('pagehide', sleep);
window.addEventListener('pageshow', sleep);

void learnBox();
link.open();
setInterval(turn, 100);
requestAnimationFrame(frame);
