// The built-ins that scripts see: guarded, completed, frozen. Runs once a runtime.
(function (go) {
  'use strict';
  const MAX = go.massimo, TESTO = go.testoMax, G = globalThis;
  const ownNames = Object.getOwnPropertyNames, ownSymbols = Object.getOwnPropertySymbols, descr = Object.getOwnPropertyDescriptor;
  const freeze = Object.freeze, define = Object.defineProperty, proto = Object.getPrototypeOf, objKeys = Object.keys;
  const S = Symbol, FP = Function.prototype, isArray = Array.isArray, call = Reflect.apply;
  const put = (o, n, f) => define(o, n, { value: f, writable: true, enumerable: false, configurable: true });

  // What could run code or allocate behind the guards.
  const AsyncFn = proto(async function () {}), GenFn = proto(function* () {});
  for (const p of [Function.prototype, AsyncFn, GenFn]) define(p, 'constructor', { value: undefined });
  for (const n of ['eval', 'Function', 'Proxy', 'Reflect', 'ArrayBuffer', 'SharedArrayBuffer', 'DataView', 'Atomics', 'BigInt', 'WeakMap',
    'WeakSet', 'WeakRef', 'FinalizationRegistry', 'Promise', 'Symbol', 'escape', 'unescape', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray',
    'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'AggregateError', 'Iterator']) delete G[n];
  for (const n of ['bind', 'toString']) delete FP[n];
  for (const n of ['__proto__', '__defineGetter__', '__defineSetter__', '__lookupGetter__', '__lookupSetter__']) delete Object.prototype[n];
  for (const n of ['defineProperty', 'defineProperties', 'setPrototypeOf', 'getOwnPropertySymbols', 'getOwnPropertyDescriptor',
    'getOwnPropertyDescriptors', 'groupBy']) delete Object[n];
  for (const n of ['toLocaleString', 'toReversed', 'toSorted', 'toSpliced', 'with', 'copyWithin']) delete Array.prototype[n];
  for (const n of ['raw', 'fromCodePoint']) delete String[n];
  for (const n of ['normalize', 'isWellFormed', 'toWellFormed', 'anchor', 'big', 'blink', 'bold', 'fixed', 'fontcolor', 'fontsize', 'italics', 'link', 'small', 'strike', 'sub', 'sup']) delete String.prototype[n];
  delete RegExp.prototype.compile;
  delete Array.fromAsync;
  delete Map.groupBy;

  // The sizes that must be known before a built-in runs.
  const SP = String.prototype, AP = Array.prototype;
  const before = (o, n, check) => {
    const orig = o[n];
    if (typeof orig === 'function') put(o, n, { [n](...a) { check(this, a); return call(orig, this, a); } }[n]);
  };
  
  before(SP, 'repeat', (s, a) => { if (String(s).length * Number(a[0]) > TESTO) go.ferma(); });
  for (const n of ['padStart', 'padEnd']) before(SP, n, (s, a) => { if (Number(a[0]) > TESTO) go.ferma(); });
  before(SP, 'concat', (s, a) => { let n = 0; for (const x of a) if ((n += String(x).length) > TESTO) go.ferma(); });
  before(AP, 'concat', (s, a) => { let n = 0; for (const x of a) if ((n += isArray(x) ? x.length : 1) > MAX) go.ferma(); });
  before(FP, 'apply', (f, a) => { if (a[1] != null && a[1].length > 5000) go.ferma(); });
  before(Array, 'from', (f, a) => { if (a[0] != null && a[0].length > MAX) go.ferma(); });

  let annidati = 0;
  put(AP, 'join', function join(sep) {
    sep = sep === undefined ? ',' : String(sep);
    if (this.length > MAX || annidati > 50) go.ferma();
    annidati++;
    let q = '';
    try {
      for (let i = 0; i < this.length; i++) {
        const v = this[i];
        q += (i ? sep : '') + (v === null || v === undefined ? '' : String(v));
        if (q.length > TESTO) go.ferma();
      }
    } finally { annidati--; }
    return q;
  });
  const spiana = (q, a, n) => {
    for (let i = 0; i < a.length; i++) {
      if (isArray(a[i]) && n > 0) spiana(q, a[i], n - 1); else q.push(a[i]);
      if (q.length > MAX) go.ferma();
    }
    return q;
  };
  put(AP, 'flat', function flat(n) { return spiana([], this, n === undefined ? 1 : Number(n)); });
  put(AP, 'flatMap', function flatMap(f) { return spiana([], this.map(f), 1); });
  put(Object, 'assign', function assign(t, ...s) {
    if (t === null || t === undefined) throw new TypeError();
    for (const o of s) if (o !== null && o !== undefined) for (const k of objKeys(o)) { if (k === 'length' && isArray(t)) go.ferma(); t[k] = o[k]; }
    return t;
  });
  put(Object, 'fromEntries', function fromEntries(l) { const q = {}; for (const e of l) { define(q, String(e[0]), { value: e[1], writable: true, enumerable: true, configurable: true }); } return q; });
  put(JSON, 'stringify', function stringify(v, r, n) { return go.stringa(v, r, n); });
  put(JSON, 'parse', function parse(s) { return go.leggiJSON(String(s)); });

  // Regular expressions: one engine, that stops when time is over.
  const RP = RegExp.prototype, RegExpVera = RegExp;
  put(G, 'RegExp', function RegExp(p, f) {
    if ((isRegExp(p) ? p.source : String(p)).length > 2000) go.ferma();
    return f === undefined ? new RegExpVera(p) : new RegExpVera(p, f);
  });
  G.RegExp.prototype = RP;
  put(RP, 'constructor', G.RegExp);
  put(RP, 'exec', function exec(s) {
    s = String(s);
    const g = this.global || this.sticky, da = g ? this.lastIndex : 0;
    if (da > s.length) { this.lastIndex = 0; return null; }
    const m = go.trova(this.source, this.flags, s, da);
    if (m === null || (this.sticky && m[0] !== da)) { if (g) this.lastIndex = 0; return null; }
    if (g) this.lastIndex = m[1];
    const q = [];
    for (let i = 0; i < m.length; i += 2) q.push(m[i] < 0 ? undefined : s.slice(m[i], m[i + 1]));
    q.index = m[0]; q.input = s; q.groups = undefined;
    return q;
  });
  put(RP, 'test', function test(s) { return this.exec(s) !== null; });
  const espandi = (t, m, s) => {
    let q = '', i = 0;
    while (i < t.length) {
      const c = t[i], d = t[i + 1];
      if (c !== '$' || d === undefined) { q += c; i++; continue; }
      const due = Number(t.slice(i + 1, i + 3)), uno = Number(d);
      if (d === '$') { q += '$'; i += 2; }
      else if (d === '&') { q += m[0]; i += 2; }
      else if (d === '`') { q += s.slice(0, m.index); i += 2; }
      else if (d === "'") { q += s.slice(m.index + m[0].length); i += 2; }
      else if (t.length > i + 2 && due > 0 && due < m.length && d >= '0' && d <= '9' && t[i + 2] >= '0' && t[i + 2] <= '9') { q += m[due] === undefined ? '' : m[due]; i += 3; }
      else if (uno > 0 && uno < m.length) { q += m[uno] === undefined ? '' : m[uno]; i += 2; }
      else { q += '$'; i++; }
      if (q.length > TESTO) go.ferma();
    }
    return q;
  };
  const isRegExp = (p) => typeof p === 'object' && p instanceof RegExpVera;
  const sostituisci = (s, p, r, tutte) => {
    s = String(s);
    const con = typeof r === 'function' ? (m) => String(r(...m, m.index, s)) : (m) => espandi(String(r), m, s);
    const re = isRegExp(p);
    if (re) { tutte = p.global; if (tutte) p.lastIndex = 0; } else p = String(p);
    let q = '', da = 0, cerca = 0;
    for (;;) {
      let m;
      if (re) m = p.exec(s);
      else { const i = cerca > s.length ? -1 : s.indexOf(p, cerca); m = i < 0 ? null : [p]; if (m) m.index = i; }
      if (m === null) break;
      q += s.slice(da, m.index) + con(m);
      if (q.length > TESTO) go.ferma();
      da = m.index + m[0].length;
      cerca = m[0] === '' ? da + 1 : da;
      if (!tutte) break;
      if (re && m[0] === '') p.lastIndex++;
    }
    return q + s.slice(da);
  };
  put(SP, 'replace', function replace(p, r) { return sostituisci(this, p, r, false); });
  put(SP, 'replaceAll', function replaceAll(p, r) { if (isRegExp(p) && !p.global) throw new TypeError(); return sostituisci(this, p, r, true); });
  const espressione = (p, f) => isRegExp(p) ? p : new RegExp(p === undefined ? '' : String(p), f);
  put(SP, 'match', function match(p) {
    const s = String(this), re = espressione(p, '');
    if (!re.global) return re.exec(s);
    const q = [];
    re.lastIndex = 0;
    for (let m; (m = re.exec(s)) !== null;) { q.push(m[0]); if (m[0] === '') re.lastIndex++; if (q.length > MAX) go.ferma(); }
    return q.length ? q : null;
  });
  put(SP, 'matchAll', function matchAll(p) {
    const s = String(this), re = new RegExp(espressione(p, 'g').source, espressione(p, 'g').flags), q = [];
    for (let m; (m = re.exec(s)) !== null;) { q.push(m); if (m[0] === '') re.lastIndex++; if (q.length > MAX) go.ferma(); }
    return q;
  });
  put(SP, 'search', function search(p) { const re = espressione(p, ''), m = new RegExp(re.source, re.flags.replace('g', '').replace('y', '')).exec(String(this)); return m ? m.index : -1; });
  const split = SP.split;
  put(SP, 'split', function (p, n) {
    const s = String(this);
    if (!isRegExp(p)) { if (s.length > MAX && p === '') go.ferma(); return n === undefined ? call(split, s, [p]) : call(split, s, [p]).slice(0, n >>> 0); }
    const re = new RegExp(p.source, p.flags.replace('y', '').replace('g', '') + 'g'), q = [];
    let da = 0;
    if (s === '') return re.exec(s) ? [] : [''];
    for (let m; (m = re.exec(s)) !== null;) {
      if (m[0] === '') { if (m.index >= s.length) break; re.lastIndex++; if (m.index === da && m.index === 0) continue; }
      if (m.index >= s.length) break;
      q.push(s.slice(da, m.index), ...m.slice(1));
      da = m.index + m[0].length;
      if (q.length > MAX) go.ferma();
    }
    q.push(s.slice(da));
    return n === undefined ? q : q.slice(0, n >>> 0);
  });

  for (const n of ownNames(AP)) if (n !== 'constructor' && typeof AP[n] === 'function' && !['join', 'flat', 'flatMap', 'toString', 'values', 'keys', 'entries'].includes(n)) put(AP, n, go.guarda(AP[n]));

  // lodash, as much of it as Funzioni lists.
  const oggetto = (v) => v !== null && typeof v === 'object';
  const semplice = (v) => oggetto(v) && (proto(v) === Object.prototype || proto(v) === null);
  const strada = (p) => isArray(p) ? p.map(String) : String(p).replace(/\[(?:(['"])(.*?)\1|(.*?))\]/g, (_, a, b, c) => '.' + (b === undefined ? c : b)).split('.').filter((k, i) => k !== '' || i > 0);
  const ha = (o, k) => Object.prototype.hasOwnProperty.call(o, k);
  const prendi = (o, p) => { for (const k of strada(p)) { if (o === null || o === undefined) return undefined; o = o[k]; } return o; };
  const uguali = (a, b, n) => {
    if (a === b || (a !== a && b !== b)) return true;
    if (!oggetto(a) || !oggetto(b) || n > 100 || isArray(a) !== isArray(b)) return false;
    if (a instanceof Date && b instanceof Date) return +a === +b;
    const k = objKeys(a);
    return k.length === objKeys(b).length && k.every((x) => ha(b, x) && uguali(a[x], b[x], n + 1));
  };
  const combacia = (v, f) => objKeys(f).every((k) => oggetto(f[k]) ? oggetto(v) && oggetto(v[k]) && combacia(v[k], f[k]) : oggetto(v) && v[k] === f[k]);
  const di = (f) => typeof f === 'function' ? f : f === undefined || f === null ? (x) => x : isArray(f) ? (x) => uguali(prendi(x, f[0]), f[1], 0) : typeof f === 'object' ? (x) => combacia(x, f) : (x) => prendi(x, f);
  const lista = (c) => c === null || c === undefined ? [] : isArray(c) ? c : typeof c === 'string' ? [...c] : oggetto(c) ? objKeys(c).map((k) => c[k]) : [];
  const con = (m) => (c, f) => { const g = di(f); return lista(c)[m]((x, i) => g(x, isArray(c) ? i : objKeys(c)[i], c)); };
  const copia = (v, n) => !oggetto(v) || n > 100 ? v : isArray(v) ? v.map((x) => copia(x, n + 1)) : Object.fromEntries(objKeys(v).map((k) => [k, copia(v[k], n + 1)]));
  const somma = (l, f) => { const g = di(f); let q; for (const x of lista(l)) { const v = g(x); if (v !== undefined) q = q === undefined ? v : q + v; } return q === undefined ? 0 : q; };
  const _ = {
    get(o, p, d) { const v = prendi(o, p); return v === undefined ? d : v; },
    has(o, p) { const k = strada(p); for (const x of k) { if (!oggetto(o) || !ha(o, x)) return false; o = o[x]; } return k.length > 0; },
    isEmpty: (v) => typeof v === 'string' || isArray(v) ? v.length === 0 : !oggetto(v) || objKeys(v).length === 0,
    isEqual: (a, b) => uguali(a, b, 0), isNil: (v) => v === null || v === undefined, isNull: (v) => v === null, isUndefined: (v) => v === undefined,
    isString: (v) => typeof v === 'string', isNumber: (v) => typeof v === 'number', isBoolean: (v) => v === true || v === false, isArray: (v) => isArray(v),
    isObject: (v) => oggetto(v) || typeof v === 'function', isPlainObject: semplice,
    find: con('find'), findIndex: con('findIndex'), filter: con('filter'), map: con('map'), some: con('some'), every: con('every'),
    reduce(c, f, z) { const l = lista(c), k = isArray(c) ? null : objKeys(c || {}); return arguments.length < 3 ? l.reduce((a, x, i) => f(a, x, k ? k[i] : i, c)) : l.reduce((a, x, i) => f(a, x, k ? k[i] : i, c), z); },
    sum: (l) => somma(l), sumBy: (l, f) => somma(l, f), size: (c) => lista(c).length,
    includes: (c, v) => typeof c === 'string' ? c.includes(v) : lista(c).includes(v),
    keys: (o) => oggetto(o) ? objKeys(o) : [], values: (o) => lista(o), first: (l) => lista(l)[0], head: (l) => lista(l)[0], last: (l) => lista(l)[lista(l).length - 1],
    uniq: (l) => lista(l).filter((x, i, a) => a.indexOf(x) === i), compact: (l) => lista(l).filter((x) => x),
    toNumber: (v) => Number(v), toString: (v) => v === null || v === undefined ? '' : String(v), trim: (v) => v === null || v === undefined ? '' : String(v).trim(), cloneDeep: (v) => copia(v, 0),
  };

  // moment, over the calendar that Go gives.
  function Moment(ms) { this._ms = ms; }
  const moment = function (v, f, rigorosa) {
    if (v instanceof Moment) return new Moment(v._ms);
    if (v instanceof Date) return new Moment(+v);
    if (isArray(f)) { for (const x of f) { const m = moment(v, x, rigorosa); if (m.isValid()) return m; } return new Moment(NaN); }
    return new Moment(go.leggi(v, f, typeof rigorosa === 'boolean' ? rigorosa : false));
  };
  moment.isMoment = (v) => v instanceof Moment;
  moment.utc = (v, f) => moment(v, f);
  const a = (m, u) => u === undefined ? m._ms : go.estremo(m._ms, u, false);
  const M = {
    isValid() { return this._ms === this._ms; },
    clone() { return new Moment(this._ms); }, valueOf() { return this._ms; }, unix() { return Math.floor(this._ms / 1000); }, toDate() { return new Date(this._ms); },
    format(f) { return this.isValid() ? go.scrivi(this._ms, f) : 'Invalid date'; }, toString() { return this.format(); },
    toISOString() { return this.isValid() ? go.scrivi(this._ms, 'ISO') : null; }, toJSON() { return this.toISOString(); },
    isBefore(v, u) { return a(this, u) < a(moment(v), u); }, isAfter(v, u) { return a(this, u) > a(moment(v), u); }, isSame(v, u) { return a(this, u) === a(moment(v), u); },
    isSameOrBefore(v, u) { return a(this, u) <= a(moment(v), u); }, isSameOrAfter(v, u) { return a(this, u) >= a(moment(v), u); },
    isBetween(x, y, u, i) { i = i || '()'; return (i[0] === '[' ? !this.isBefore(x, u) && moment(x).isValid() : this.isAfter(x, u)) && (i[1] === ']' ? !this.isAfter(y, u) && moment(y).isValid() : this.isBefore(y, u)) && this.isValid(); },
    add(n, u) { if (this.isValid()) this._ms = go.aggiungi(this._ms, Number(n), u); return this; }, subtract(n, u) { return this.add(-Number(n), u); },
    startOf(u) { if (this.isValid()) this._ms = go.estremo(this._ms, u, false); return this; }, endOf(u) { if (this.isValid()) this._ms = go.estremo(this._ms, u, true); return this; },
    diff(v, u, f) { const m = moment(v); return this.isValid() && m.isValid() ? go.differenza(this._ms, m._ms, u === undefined ? 'ms' : u, !!f) : NaN; },
  };
  for (const n of ['year', 'month', 'date', 'day', 'hour', 'minute', 'second']) M[n] = function () { return this.isValid() ? go.parte(this._ms, n) : NaN; };
  M.hours = M.hour; M.minutes = M.minute; M.seconds = M.second;
  for (const n of objKeys(M)) put(Moment.prototype, n, M[n]);
  put(Moment.prototype, 'constructor', undefined);

  const niente = () => undefined;
  for (const [n, v] of [['_', _], ['moment', moment], ['console', { log: niente, info: niente, warn: niente, error: niente, debug: niente }]]) put(G, n, v);
  const istanza = { getValue() { return go.valore(); } };

  // Everything that can be reached is frozen; new globals can still be made, and are taken away afterwards.
  const visti = new Set();
  const gela = (o) => {
    if ((typeof o !== 'object' && typeof o !== 'function') || o === null || o === G || visti.has(o)) return;
    visti.add(o);
    for (const k of [...ownNames(o), ...ownSymbols(o)]) { const d = descr(o, k); gela(d.value); gela(d.get); gela(d.set); }
    gela(proto(o));
    freeze(o);
  };
  for (const n of ownNames(G)) { const d = descr(G, n); gela(d.value); if (d.configurable) define(G, n, { value: n === 'globalThis' ? undefined : G[n], writable: false, enumerable: false, configurable: false }); }
  for (const o of [istanza, AsyncFn, GenFn, Moment.prototype, proto([][S.iterator]()), proto(''[S.iterator]()), proto(new Map()[S.iterator]()), proto(new Set()[S.iterator]()), proto(GenFn.prototype)]) gela(o);
  return istanza;
})
