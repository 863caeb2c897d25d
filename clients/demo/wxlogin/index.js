/*! wxlogin-miniprogram 0.1.0, Apache-2.0. Made of clients/miniprogram/src: change it there. */
'use strict';

Object.defineProperty(exports, '__esModule', { value: true });

/******************************************************************************
Copyright (c) Microsoft Corporation.

Permission to use, copy, modify, and/or distribute this software for any
purpose with or without fee is hereby granted.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH
REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY
AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM
LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR
OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR
PERFORMANCE OF THIS SOFTWARE.
***************************************************************************** */
/* global Reflect, Promise, SuppressedError, Symbol, Iterator */


var __assign = function() {
    __assign = Object.assign || function __assign(t) {
        for (var s, i = 1, n = arguments.length; i < n; i++) {
            s = arguments[i];
            for (var p in s) if (Object.prototype.hasOwnProperty.call(s, p)) t[p] = s[p];
        }
        return t;
    };
    return __assign.apply(this, arguments);
};

function __rest(s, e) {
    var t = {};
    for (var p in s) if (Object.prototype.hasOwnProperty.call(s, p) && e.indexOf(p) < 0)
        t[p] = s[p];
    if (s != null && typeof Object.getOwnPropertySymbols === "function")
        for (var i = 0, p = Object.getOwnPropertySymbols(s); i < p.length; i++) {
            if (e.indexOf(p[i]) < 0 && Object.prototype.propertyIsEnumerable.call(s, p[i]))
                t[p[i]] = s[p[i]];
        }
    return t;
}

function __awaiter(thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
}

function __generator(thisArg, body) {
    var _ = { label: 0, sent: function() { if (t[0] & 1) throw t[1]; return t[1]; }, trys: [], ops: [] }, f, y, t, g = Object.create((typeof Iterator === "function" ? Iterator : Object).prototype);
    return g.next = verb(0), g["throw"] = verb(1), g["return"] = verb(2), typeof Symbol === "function" && (g[Symbol.iterator] = function() { return this; }), g;
    function verb(n) { return function (v) { return step([n, v]); }; }
    function step(op) {
        if (f) throw new TypeError("Generator is already executing.");
        while (g && (g = 0, op[0] && (_ = 0)), _) try {
            if (f = 1, y && (t = op[0] & 2 ? y["return"] : op[0] ? y["throw"] || ((t = y["return"]) && t.call(y), 0) : y.next) && !(t = t.call(y, op[1])).done) return t;
            if (y = 0, t) op = [op[0] & 2, t.value];
            switch (op[0]) {
                case 0: case 1: t = op; break;
                case 4: _.label++; return { value: op[1], done: false };
                case 5: _.label++; y = op[1]; op = [0]; continue;
                case 7: op = _.ops.pop(); _.trys.pop(); continue;
                default:
                    if (!(t = _.trys, t = t.length > 0 && t[t.length - 1]) && (op[0] === 6 || op[0] === 2)) { _ = 0; continue; }
                    if (op[0] === 3 && (!t || (op[1] > t[0] && op[1] < t[3]))) { _.label = op[1]; break; }
                    if (op[0] === 6 && _.label < t[1]) { _.label = t[1]; t = op; break; }
                    if (t && _.label < t[2]) { _.label = t[2]; _.ops.push(op); break; }
                    if (t[2]) _.ops.pop();
                    _.trys.pop(); continue;
            }
            op = body.call(thisArg, _);
        } catch (e) { op = [6, e]; y = 0; } finally { f = t = 0; }
        if (op[0] & 5) throw op[1]; return { value: op[0] ? op[1] : void 0, done: true };
    }
}

typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
};

/** Makes an error of the SDK's own, or of an answer's. */
function clientError(code, message, more) {
    var error = new Error(code + ': ' + message);
    error.code = code;
    for (var key in more)
        error[key] = more[key];
    return error;
}
/** What a platform's `fail` says of a call. */
function failed$1(code, what, failure) {
    var _a = failure || {}, errMsg = _a.errMsg, errno = _a.errno;
    var more = {};
    if (errMsg)
        more.detail = errMsg;
    if (errno)
        more.errno = errno;
    return clientError(code, what + ': ' + (errMsg || 'no reason given'), more);
}
/** What an answer of 300 or more says: wxlogin's problem (RFC 9457), or a backend's own. */
function refusal(what, statusCode, data, header) {
    var body = problem(data);
    var code = typeof body.code === 'string' && body.code ? body.code : 'http_error';
    var more = { statusCode: statusCode, data: data };
    if (typeof body.detail === 'string')
        more.detail = body.detail;
    if (typeof body.requestId === 'string')
        more.requestId = body.requestId;
    if (Array.isArray(body.errors))
        more.errors = body.errors;
    var seconds = Number(named$1(header, 'retry-after'));
    if (seconds > 0)
        more.retryAfter = seconds;
    return clientError(code, (body.title || 'status ' + statusCode) + ' (' + what + ')', more);
}
// The body, also where bytes were asked for.
function problem(data) {
    if (data instanceof ArrayBuffer) {
        try {
            var bytes = new Uint8Array(data);
            var text = '';
            for (var i = 0; i < bytes.length; i++)
                text += '%' + (bytes[i] + 256).toString(16).slice(1);
            data = JSON.parse(decodeURIComponent(text));
        }
        catch (_) {
            // no JSON
        }
    }
    return data && typeof data === 'object' ? data : {};
}
/** For an answer of another shape than the service's: a portal's, a proxy's. */
function badAnswer() {
    return clientError('bad_answer', 'something else than wxlogin answered');
}
// Platforms differ in how they spell the names of headers.
function named$1(header, name) {
    for (var key in header)
        if (key.toLowerCase() === name)
            return header[key];
    return undefined;
}
/** Whether it is the access token that was refused: a 401 with another code is about something else that was sent. */
function tokenRefused(error) {
    return error.statusCode === 401 &&
        ['http_error', 'token_missing', 'token_invalid', 'token_expired', 'session_revoked'].indexOf(error.code) >= 0;
}
/** Whether asking again later may help: nobody has decided anything about the person. */
function passing(error) {
    return ['network_error', 'bad_answer', 'http_error', 'wx_login_failed', 'code_invalid', 'code_used'].indexOf(error.code) >= 0 ||
        error.statusCode === 429 || error.statusCode >= 500;
}
/** Whether the service itself says that what was asked for was not done. */
function undone(error) {
    return error.statusCode < 500 && error.code !== 'http_error';
}

/** Removes what ends a base address, and throws a TypeError where it is none. */
function baseOf(address) {
    if (!/^https?:\/\/[^\s/?#@\\]+(\/[^\s?#@\\]*)?$/.test(address))
        throw new TypeError('wxlogin: not a base address: ' + address);
    return address.replace(/\/+$/, '');
}
/**
 * Returns the whole address that `url` means, and throws `foreign_url` where it is
 * neither a path on the first of `bases` nor an address below one of them: the access
 * token is for these only.
 */
function addressOf(url, bases) {
    if (/^\/(?!\/)/.test(url) && below(url))
        return bases[0] + url;
    for (var _i = 0, bases_1 = bases; _i < bases_1.length; _i++) {
        var base = bases_1[_i];
        if (url.indexOf(base) === 0 && below(url.slice(base.length)))
            return url;
    }
    throw clientError('foreign_url', 'not wxlogin, and not one of `backends`: ' + url);
}
// Whether rest, behind a base, stays below it: no longer name, and no way up, nor what
// platforms leave out or turn round when they read an address.
function below(rest) {
    return /^([/?#]|$)/.test(rest) && !/[\x00-\x20\\]|(\/|%2f|%5c)(\.|%2e){2}(\/|%2f|%5c|;|$)/i.test(rest.split(/[?#]/)[0]);
}

function createEnding(service, store, session) {
    var leaving;
    var coming;
    // Acts with the session, renewed where it must be, and never logs in. It hands on
    // the tokens that it got.
    function actOnce(tokens, act, renewed) {
        return __awaiter(this, void 0, Promise, function () {
            var error_1, next;
            return __generator(this, function (_a) {
                switch (_a.label) {
                    case 0:
                        _a.trys.push([0, 2, , 4]);
                        return [4 /*yield*/, act(tokens.accessToken)];
                    case 1: return [2 /*return*/, _a.sent()];
                    case 2:
                        error_1 = _a.sent();
                        if (!tokenRefused(error_1) || error_1.code === 'session_revoked')
                            throw error_1;
                        return [4 /*yield*/, service.refresh(tokens)];
                    case 3:
                        next = _a.sent();
                        renewed(next);
                        return [2 /*return*/, act(next.accessToken)];
                    case 4: return [2 /*return*/];
                }
            });
        });
    }
    function logout() {
        return __awaiter(this, void 0, Promise, function () {
            var _a, state, tokens;
            return __generator(this, function (_b) {
                switch (_b.label) {
                    case 0:
                        if (!coming) return [3 /*break*/, 2];
                        return [4 /*yield*/, quietly(coming)];
                    case 1:
                        _b.sent();
                        _b.label = 2;
                    case 2:
                        _a = store.get(), state = _a.state, tokens = _a.tokens;
                        if (state === 'left')
                            return [2 /*return*/];
                        session.discard();
                        store.set({ state: 'out' });
                        if (!tokens) return [3 /*break*/, 4];
                        return [4 /*yield*/, quietly(actOnce(tokens, service.logout, function () { return undefined; }))];
                    case 3:
                        _b.sent();
                        _b.label = 4;
                    case 4: return [2 /*return*/];
                }
            });
        });
    }
    function logoutEverywhere() {
        return __awaiter(this, void 0, Promise, function () {
            var used, tokens;
            return __generator(this, function (_a) {
                switch (_a.label) {
                    case 0:
                        used = '';
                        return [4 /*yield*/, session.withToken(function (token) { used = token; return service.logoutEverywhere(token); }, true)];
                    case 1:
                        _a.sent();
                        tokens = store.get().tokens;
                        session.discard();
                        store.set({ state: 'out' });
                        if (!(tokens && tokens.accessToken !== used)) return [3 /*break*/, 3];
                        return [4 /*yield*/, quietly(service.logout(tokens.accessToken))];
                    case 2:
                        _a.sent();
                        _a.label = 3;
                    case 3: return [2 /*return*/];
                }
            });
        });
    }
    // Any number of calls at once are one.
    function leave() {
        var _a = store.get(), state = _a.state, tokens = _a.tokens, deletionAt = _a.deletionAt;
        if (state === 'left' && !tokens)
            return Promise.resolve(deletionAt || '');
        if (!leaving)
            leaving = ended(leaveOnce(state), function () { leaving = undefined; });
        return leaving;
    }
    function leaveOnce(asked) {
        return __awaiter(this, void 0, Promise, function () {
            var before, deletionAt, error_2;
            return __generator(this, function (_a) {
                switch (_a.label) {
                    case 0:
                        if (!coming) return [3 /*break*/, 2];
                        return [4 /*yield*/, quietly(coming)];
                    case 1:
                        _a.sent();
                        _a.label = 2;
                    case 2: return [4 /*yield*/, session.settled()];
                    case 3:
                        _a.sent();
                        before = store.get();
                        if (before.state === 'out')
                            throw session.closed();
                        // Without tokens, or where the person has come back meanwhile, there is nothing to end.
                        if (before.state !== asked || !before.tokens)
                            throw noSession();
                        session.discard();
                        store.set({ state: 'left', tokens: before.tokens, deletionAt: '' }); // before it is sent: the answer may be lost
                        _a.label = 4;
                    case 4:
                        _a.trys.push([4, 6, , 7]);
                        return [4 /*yield*/, actOnce(before.tokens, service.leave, function (tokens) { return store.set(__assign(__assign({}, store.get()), { tokens: tokens })); })];
                    case 5:
                        deletionAt = _a.sent();
                        store.set({ state: 'left', deletionAt: deletionAt });
                        return [2 /*return*/, deletionAt];
                    case 6:
                        error_2 = _a.sent();
                        return [2 /*return*/, refused(error_2, before)];
                    case 7: return [2 /*return*/];
                }
            });
        });
    }
    // What becomes of a deletion that was refused, or not answered.
    function refused(error, before) {
        var tokens = store.get().tokens;
        if (over$1(error) && before.state === 'left') { // it was done, and the first answer lost
            store.set({ state: 'left', deletionAt: '' });
            return '';
        }
        if (over$1(error)) { // nobody knows why the session has ended
            store.set(before.user ? { state: 'in', user: before.user } : { state: 'in' });
            throw error.code === 'user_banned' ? error : noSession();
        }
        if (undone(error) && before.state === 'in')
            store.set(__assign(__assign({}, before), { tokens: tokens }));
        throw error; // without an answer it may have been done: leave() again
    }
    // After a deletion that is under way, which must not reach the service later.
    function comeBack() {
        if (!coming)
            coming = ended(comeBackOnce(), function () { coming = undefined; });
        return coming;
    }
    function comeBackOnce() {
        return __awaiter(this, void 0, Promise, function () {
            var state;
            return __generator(this, function (_a) {
                switch (_a.label) {
                    case 0:
                        if (!leaving) return [3 /*break*/, 2];
                        return [4 /*yield*/, quietly(leaving)];
                    case 1:
                        _a.sent();
                        _a.label = 2;
                    case 2:
                        state = store.get().state;
                        if (state === 'out')
                            throw session.closed();
                        return [2 /*return*/, state === 'left' ? session.comeBack() : session.login({})];
                }
            });
        });
    }
    return { logout: logout, logoutEverywhere: logoutEverywhere, leave: leave, comeBack: comeBack };
}
// Whether the session is known to have ended, or its user to be kept out.
function over$1(error) {
    return tokenRefused(error) || error.code === 'refresh_invalid' || error.code === 'user_banned';
}
function noSession() {
    return clientError('no_session', 'login(), ask the person, then leave() again');
}
function quietly(call) {
    return call.then(function () { return undefined; }, function () { return undefined; });
}
function ended(call, then) {
    call.then(then, then);
    return call;
}

var answerLimit = 20000; // ms
var refreshLimit = 8000; // ms
var pause = 300; // ms before what got no answer is sent again
function createService(platform, wire, store, base, appId) {
    var _this = this;
    var ask = function (method, path, options, token) {
        return wire.request(__assign({ url: base + path, method: method, timeout: answerLimit, redirect: 'manual' }, options), token);
    };
    // For what may be sent again where no answer came.
    function post(path, options, wanted) {
        return __awaiter(this, void 0, Promise, function () {
            var left, error_1, _a, code, detail, hopeless;
            return __generator(this, function (_b) {
                switch (_b.label) {
                    case 0:
                        left = 2;
                        _b.label = 1;
                    case 1:
                        _b.trys.push([1, 3, , 4]);
                        return [4 /*yield*/, ask('POST', path, options)];
                    case 2: return [2 /*return*/, (_b.sent()).data];
                    case 3:
                        error_1 = _b.sent();
                        _a = error_1, code = _a.code, detail = _a.detail;
                        hopeless = /domain list/i.test(detail || '') // of the console: it is not on it in a moment
                        ;
                        if (code !== 'network_error' || hopeless || left === 0 || !wanted())
                            throw error_1;
                        return [3 /*break*/, 4];
                    case 4: return [4 /*yield*/, new Promise(function (resolve) { return setTimeout(function () { return resolve(); }, pause); })];
                    case 5:
                        _b.sent();
                        _b.label = 6;
                    case 6:
                        left--;
                        return [3 /*break*/, 1];
                    case 7: return [2 /*return*/];
                }
            });
        });
    }
    return {
        // A code works once: the key, made before the first try and the same in each, gets
        // the answer that was lost.
        login: function (code_1, _a, wanted_1) {
            return __awaiter(this, arguments, void 0, function (code, _b, wanted) {
                var key, device, data, answer, tokens, user, newUser, restored, warnings;
                var _c;
                var phoneCode = _b.phoneCode, profile = _b.profile;
                return __generator(this, function (_d) {
                    switch (_d.label) {
                        case 0: return [4 /*yield*/, wire.random()];
                        case 1:
                            key = _d.sent();
                            _c = {};
                            return [4 /*yield*/, store.device(wire.random)];
                        case 2:
                            device = __assign.apply(void 0, [(_c.id = _d.sent(), _c), deviceOf(platform)]);
                            data = defined({ appId: appId, code: code, device: device, phoneCode: phoneCode, profile: profile && openData(profile) });
                            return [4 /*yield*/, post('/v1/login', { data: data, header: { 'Idempotency-Key': key } }, wanted)];
                        case 3:
                            answer = _d.sent();
                            tokens = tokensOf$1(answer);
                            user = answer.user, newUser = answer.newUser, restored = answer.restored, warnings = answer.warnings;
                            if (!user || typeof user.id !== 'string')
                                throw badAnswer();
                            return [2 /*return*/, { tokens: tokens, result: { user: user, newUser: !!newUser, restored: !!restored, warnings: warnings || [] } }];
                    }
                });
            });
        },
        refresh: function (_a) { return __awaiter(_this, [_a], void 0, function (_b) {
            var _c;
            var refreshToken = _b.refreshToken;
            return __generator(this, function (_d) {
                switch (_d.label) {
                    case 0:
                        _c = tokensOf$1;
                        return [4 /*yield*/, post('/v1/token/refresh', { data: { refreshToken: refreshToken }, timeout: refreshLimit }, function () { return true; })];
                    case 1: return [2 /*return*/, _c.apply(void 0, [_d.sent()])];
                }
            });
        }); },
        logout: function (token) { return ask('POST', '/v1/logout', {}, token).then(done); },
        logoutEverywhere: function (token) { return ask('POST', '/v1/logout/all', {}, token).then(done); },
        leave: function (token) {
            return __awaiter(this, void 0, void 0, function () {
                var data;
                return __generator(this, function (_a) {
                    switch (_a.label) {
                        case 0: return [4 /*yield*/, ask('DELETE', '/v1/me', {}, token)];
                        case 1:
                            data = (_a.sent()).data;
                            if (!data || typeof data.deletionAt !== 'string')
                                throw badAnswer();
                            return [2 /*return*/, data.deletionAt];
                    }
                });
            });
        },
    };
}
/** Takes the answer that has no body. What a portal answers is not one. */
function done(_a) {
    var statusCode = _a.statusCode;
    if (statusCode !== 204)
        throw badAnswer();
}
// What wx.getUserProfile gives has more in it, which the service does not know.
function openData(_a) {
    var encryptedData = _a.encryptedData, iv = _a.iv, rawData = _a.rawData, signature = _a.signature;
    return { encryptedData: encryptedData, iv: iv, rawData: rawData, signature: signature };
}
// Without the members that are undefined.
function defined(body) {
    return JSON.parse(JSON.stringify(body));
}
function tokensOf$1(answer) {
    var _a = answer || {}, accessToken = _a.accessToken, refreshToken = _a.refreshToken, expiresIn = _a.expiresIn, refreshExpiresIn = _a.refreshExpiresIn;
    if (typeof accessToken !== 'string' || typeof refreshToken !== 'string' || !(expiresIn > 0) || !(refreshExpiresIn > 0))
        throw badAnswer();
    var now = Date.now();
    var life = expiresIn * 1000;
    return {
        accessToken: accessToken,
        refreshToken: refreshToken,
        renewAt: now + life - Math.min(60000, life / 10),
        expiresAt: now + life,
        refreshExpiresAt: now + refreshExpiresIn * 1000,
    };
}
// Shown in the list of sessions. It is never a reason for a login to fail.
function deviceOf(platform) {
    try {
        var about = platform.getDeviceInfo || platform.getSystemInfoSync;
        var info = about ? about.call(platform) : {};
        return { name: plain(info.model, 64), platform: plain(info.platform, 32) };
    }
    catch (_) {
        return {};
    }
}
function plain(text, length) {
    return String(text || '').replace(/[\x00-\x1f\x7f-\x9f]/g, ' ').slice(0, length);
}

var life = 4 * 60000; // ms: WeChat's live five minutes
function createCodes(wire) {
    var ready;
    var drop = function () { ready = undefined; };
    function fetch() {
        if (!ready || !within(ready.at, life)) {
            ready = { code: wire.code(), at: Date.now() };
            ready.code.then(undefined, drop);
        }
        return ready.code.then(function () { return undefined; });
    }
    function take() {
        var code = ready && within(ready.at, life) ? ready.code : Promise.resolve('');
        drop();
        return code.then(undefined, function () { return ''; });
    }
    return { fetch: fetch, take: take, drop: drop };
}
/** Whether less than length ms have passed since then. A clock that was set back is no reason to wait. */
function within(since, length) {
    var age = Date.now() - since;
    return age >= 0 && age < length;
}

function createFlights() {
    var current;
    var discarded = Promise.resolve();
    var epoch = 0;
    function fly(begin, kind) {
        if (kind === void 0) { kind = 'shared'; }
        if (current)
            return current.ends;
        var begun = current = { ends: begin(), kind: kind };
        var land = function () { if (current === begun)
            current = undefined; };
        begun.ends.then(land, land);
        return begun.ends;
    }
    function settled() {
        return __awaiter(this, void 0, Promise, function () {
            return __generator(this, function (_a) {
                switch (_a.label) {
                    case 0:
                        if (!current) return [3 /*break*/, 2];
                        return [4 /*yield*/, over(current.ends)];
                    case 1:
                        _a.sent();
                        return [3 /*break*/, 0];
                    case 2: return [4 /*yield*/, discarded];
                    case 3:
                        _a.sent();
                        return [2 /*return*/];
                }
            });
        });
    }
    function discard() {
        epoch++;
        if (current)
            discarded = Promise.all([discarded, over(current.ends)]);
        current = undefined;
    }
    return {
        underWay: function () { return current ? current.kind : false; },
        fly: fly,
        settled: settled,
        cleared: function () { return discarded.then(function () { return undefined; }); },
        discard: discard,
        epoch: function () { return epoch; },
    };
}
function over(promise) {
    return promise.then(function () { return undefined; }, function () { return undefined; });
}

var refused = 30000; // ms
var failed = 10000; // ms, at most
function createPause() {
    var last;
    var failures = 0; // answers, one after the other, that were of no use
    // Nobody who was refused is let in a moment later, and the service may say when it
    // can. A network may be back at once. What is not needed yet can wait.
    function lengthOf(error, dispensable) {
        if (!passing(error))
            return refused;
        if (dispensable)
            return failed;
        if (!error.statusCode)
            return 0;
        failures++;
        if (error.retryAfter)
            return Math.min(error.retryAfter * 1000, failed);
        return failures < 2 ? 0 : Math.min(1000 * Math.pow(2, failures - 2), failed);
    }
    return {
        check: function () {
            if (last && within(last.at, last.length))
                throw last.error;
        },
        begin: function (error, dispensable) {
            last = { error: error, at: Date.now(), length: lengthOf(error, dispensable) };
            return error;
        },
        end: function () {
            last = undefined;
            failures = 0;
        },
    };
}

var freshness = 30000; // ms in which nobody but wxlogin is believed that a new token is no good
function createSession(wire, store, service, listeners) {
    var flights = createFlights(); // undefined where no login was needed
    var renewed; // since the start
    var codes = createCodes(wire);
    var pause = createPause();
    function live() {
        var _a = store.get(), state = _a.state, tokens = _a.tokens;
        return state === 'in' && !!tokens && Date.now() < tokens.refreshExpiresAt;
    }
    function closed() {
        return store.get().state === 'left'
            ? clientError('left', 'the account is deleted, comeBack() logs in')
            : clientError('logged_out', 'login() logs in');
    }
    function discard() {
        flights.discard();
        codes.drop();
        pause.end();
    }
    function token() {
        return __awaiter(this, void 0, Promise, function () {
            var _a, state, tokens, error_1, serves;
            return __generator(this, function (_b) {
                switch (_b.label) {
                    case 0:
                        if (!(flights.underWay() === 'private')) return [3 /*break*/, 2];
                        return [4 /*yield*/, flights.settled()];
                    case 1:
                        _b.sent();
                        return [3 /*break*/, 0];
                    case 2:
                        _a = store.get(), state = _a.state, tokens = _a.tokens;
                        if (!flights.underWay()) {
                            if (state !== 'in')
                                throw closed();
                            if (tokens && Date.now() < tokens.renewAt)
                                return [2 /*return*/, tokens.accessToken];
                        }
                        _b.label = 3;
                    case 3:
                        _b.trys.push([3, 5, , 6]);
                        return [4 /*yield*/, flights.fly(renew)]; // each refresh spends the token that the one before brought
                    case 4:
                        _b.sent(); // each refresh spends the token that the one before brought
                        return [3 /*break*/, 6];
                    case 5:
                        error_1 = _b.sent();
                        serves = tokens && store.get().tokens === tokens && Date.now() < tokens.expiresAt;
                        if (!serves)
                            throw error_1;
                        return [3 /*break*/, 6];
                    case 6: return [2 /*return*/, current()];
                }
            });
        });
    }
    function current() {
        var _a = store.get(), state = _a.state, tokens = _a.tokens;
        if (state !== 'in' || !tokens)
            throw closed();
        return tokens.accessToken;
    }
    function withToken(act, own) {
        return __awaiter(this, void 0, Promise, function () {
            var used, error_2, tokens;
            return __generator(this, function (_a) {
                switch (_a.label) {
                    case 0: return [4 /*yield*/, token()];
                    case 1:
                        used = _a.sent();
                        _a.label = 2;
                    case 2:
                        _a.trys.push([2, 4, , 7]);
                        return [4 /*yield*/, allowed(used, act, own)];
                    case 3: return [2 /*return*/, _a.sent()];
                    case 4:
                        error_2 = _a.sent();
                        if (!tokenRefused(error_2))
                            throw error_2;
                        tokens = store.get() // another request may have renewed it meanwhile
                        .tokens;
                        if (!(flights.underWay() || !tokens || tokens.accessToken === used)) return [3 /*break*/, 6];
                        if (!own && renewed && tokens === renewed.tokens && within(renewed.at, freshness))
                            throw error_2; // no other will do
                        return [4 /*yield*/, flights.fly(renew)];
                    case 5:
                        _a.sent();
                        _a.label = 6;
                    case 6: return [2 /*return*/, allowed(current(), act, own)];
                    case 7: return [2 /*return*/];
                }
            });
        });
    }
    // Acts, and notices where the user is kept out: no other token will do.
    function allowed(accessToken, act, own) {
        return __awaiter(this, void 0, Promise, function () {
            var error_3, tokens, banned;
            return __generator(this, function (_a) {
                switch (_a.label) {
                    case 0:
                        _a.trys.push([0, 2, , 3]);
                        return [4 /*yield*/, act(accessToken)];
                    case 1: return [2 /*return*/, _a.sent()];
                    case 2:
                        error_3 = _a.sent();
                        tokens = store.get().tokens;
                        banned = own && error_3.code === 'user_banned';
                        if (banned && tokens && tokens.accessToken === accessToken)
                            lose(error_3, true);
                        throw error_3;
                    case 3: return [2 /*return*/];
                }
            });
        });
    }
    function lose(error, hadSession) {
        pause.begin(error);
        store.set({ state: 'in' });
        if (hadSession)
            listeners.lost(error);
    }
    function renew() {
        return __awaiter(this, void 0, Promise, function () {
            var begun, _a, state, tokens, error_4, error_5;
            return __generator(this, function (_b) {
                switch (_b.label) {
                    case 0:
                        begun = flights.epoch();
                        _a = store.get(), state = _a.state, tokens = _a.tokens;
                        if (state !== 'in')
                            throw closed();
                        pause.check();
                        return [4 /*yield*/, flights.cleared()];
                    case 1:
                        _b.sent();
                        if (begun !== flights.epoch())
                            throw closed();
                        _b.label = 2;
                    case 2:
                        _b.trys.push([2, 5, , 6]);
                        if (!live()) return [3 /*break*/, 4];
                        return [4 /*yield*/, refresh(begun, tokens)];
                    case 3: return [2 /*return*/, _b.sent()];
                    case 4: return [3 /*break*/, 6];
                    case 5:
                        error_4 = _b.sent();
                        if (begun !== flights.epoch())
                            throw error_4;
                        if (passing(error_4))
                            throw pause.begin(error_4, ahead(tokens));
                        return [3 /*break*/, 6];
                    case 6:
                        _b.trys.push([6, 8, , 9]);
                        return [4 /*yield*/, logIn({})];
                    case 7: return [2 /*return*/, _b.sent()];
                    case 8:
                        error_5 = _b.sent();
                        if (begun !== flights.epoch())
                            throw error_5;
                        if (passing(error_5))
                            throw pause.begin(error_5);
                        lose(error_5, !!tokens);
                        throw error_5;
                    case 9: return [2 /*return*/];
                }
            });
        });
    }
    function refresh(begun, spent) {
        return __awaiter(this, void 0, Promise, function () {
            var _a, _b;
            return __generator(this, function (_c) {
                switch (_c.label) {
                    case 0:
                        _a = keep;
                        _b = [begun];
                        return [4 /*yield*/, service.refresh(spent)];
                    case 1:
                        _a.apply(void 0, _b.concat([_c.sent()]));
                        return [2 /*return*/, undefined];
                }
            });
        });
    }
    // Keeps the tokens, unless the session was ended while they were on their way.
    function keep(begun, tokens, user) {
        if (begun !== flights.epoch()) {
            service.logout(tokens.accessToken).then(undefined, function () { return undefined; });
            throw closed();
        }
        pause.end();
        renewed = { tokens: tokens, at: Date.now() };
        store.set(user ? { state: 'in', tokens: tokens, user: __assign({}, user) } : __assign(__assign({}, store.get()), { tokens: tokens }));
    }
    function logIn(options, quietly) {
        return __awaiter(this, void 0, Promise, function () {
            var begun, wanted, prepared, _a, tokens, result, _b, _c, _d;
            var _this = this;
            return __generator(this, function (_e) {
                switch (_e.label) {
                    case 0:
                        begun = flights.epoch();
                        wanted = function () { return begun === flights.epoch(); };
                        return [4 /*yield*/, flights.cleared()];
                    case 1:
                        _e.sent();
                        return [4 /*yield*/, codes.take()];
                    case 2:
                        prepared = _e.sent();
                        _c = (_b = service).login;
                        _d = prepared;
                        if (_d) return [3 /*break*/, 4];
                        return [4 /*yield*/, wire.code()];
                    case 3:
                        _d = (_e.sent());
                        _e.label = 4;
                    case 4: return [4 /*yield*/, _c.apply(_b, [_d, options, wanted]).then(undefined, function (error) { return __awaiter(_this, void 0, void 0, function () {
                            var _a, _b;
                            return __generator(this, function (_c) {
                                switch (_c.label) {
                                    case 0:
                                        if (!prepared || !wanted() || (error.code !== 'code_invalid' && error.code !== 'code_used'))
                                            throw error;
                                        _b = (_a = service).login;
                                        return [4 /*yield*/, wire.code()];
                                    case 1: return [2 /*return*/, _b.apply(_a, [_c.sent(), options, wanted])];
                                }
                            });
                        }); })];
                    case 5:
                        _a = _e.sent(), tokens = _a.tokens, result = _a.result;
                        if (result.restored && !quietly)
                            listeners.restored(result);
                        keep(begun, tokens, result.user);
                        return [2 /*return*/, result];
                }
            });
        });
    }
    function known() {
        return { user: __assign({}, store.get().user), newUser: false, restored: false, warnings: [] };
    }
    function login(options) {
        return __awaiter(this, void 0, Promise, function () {
            var begun, _a, state, user;
            return __generator(this, function (_b) {
                switch (_b.label) {
                    case 0:
                        begun = flights.epoch();
                        _a = store.get(), state = _a.state, user = _a.user;
                        if (state === 'left')
                            throw closed();
                        if (!withMore(options) && live() && user)
                            return [2 /*return*/, known()];
                        _b.label = 1;
                    case 1:
                        if (!(flights.underWay() && (withMore(options) || flights.underWay() === 'private'))) return [3 /*break*/, 3];
                        return [4 /*yield*/, flights.settled()];
                    case 2:
                        _b.sent();
                        return [3 /*break*/, 1];
                    case 3:
                        if (begun !== flights.epoch())
                            throw closed();
                        return [4 /*yield*/, flights.fly(function () { return logIn(options); }, withMore(options) ? 'private' : 'shared')];
                    case 4: return [2 /*return*/, (_b.sent()) || known()];
                }
            });
        });
    }
    function comeBack() {
        return __awaiter(this, void 0, Promise, function () {
            return __generator(this, function (_a) {
                switch (_a.label) {
                    case 0: return [4 /*yield*/, flights.settled()];
                    case 1:
                        _a.sent();
                        return [4 /*yield*/, flights.fly(function () { return logIn({}, true); })];
                    case 2: return [2 /*return*/, (_a.sent()) || known()];
                }
            });
        });
    }
    function prepare() {
        return __awaiter(this, void 0, Promise, function () {
            return __generator(this, function (_a) {
                switch (_a.label) {
                    case 0:
                        _a.trys.push([0, 5, , 6]);
                        if (!live()) return [3 /*break*/, 2];
                        return [4 /*yield*/, token()];
                    case 1:
                        _a.sent();
                        return [3 /*break*/, 4];
                    case 2:
                        if (!(!flights.underWay() && store.get().state !== 'left')) return [3 /*break*/, 4];
                        return [4 /*yield*/, codes.fetch()];
                    case 3:
                        _a.sent();
                        _a.label = 4;
                    case 4: return [3 /*break*/, 6];
                    case 5:
                        _a.sent();
                        return [3 /*break*/, 6];
                    case 6: return [2 /*return*/];
                }
            });
        });
    }
    return { login: login, withToken: withToken, comeBack: comeBack, prepare: prepare, live: live, settled: flights.settled, discard: discard, closed: closed };
}
function withMore(_a) {
    var force = _a.force, phoneCode = _a.phoneCode, profile = _a.profile;
    return !!(force || phoneCode || profile);
}
// Whether the token serves although it is time to renew it.
function ahead(_a) {
    var renewAt = _a.renewAt, expiresAt = _a.expiresAt;
    var now = Date.now();
    return now >= renewAt && now < expiresAt;
}

var key = 'wxlogin';
var deviceKey = 'wxlogin.device';
/** `service` is whose tokens these are: another service's are never used, nor sent. */
function createStore(platform, service) {
    var kept = sane(read(key), service);
    var device;
    function read(name) {
        try {
            return platform.getStorageSync(name);
        }
        catch (_) {
            return undefined;
        }
    }
    function write(name, value) {
        try {
            platform.setStorageSync(name, value);
        }
        catch (_) {
            remove(name); // what is there is out of date: better none, and memory serves until the next start
        }
    }
    function remove(name) {
        try {
            platform.removeStorageSync(name);
        }
        catch (_) {
            // nothing can be kept
        }
    }
    return {
        get: function () { return kept; },
        set: function (next) {
            kept = next;
            write(key, __assign({ service: service }, next));
        },
        device: function (make) {
            var stored = read(deviceKey);
            if (typeof stored === 'string' && /^[\w.-]{8,64}$/.test(stored))
                return Promise.resolve(stored);
            device = device || make().then(function (made) { write(deviceKey, made); return made; });
            return device;
        },
    };
}
// Storage may hold anything: an older version's, or what a debugger typed. Of another
// service only whether the person is out is kept.
function sane(stored, service) {
    var _a = stored || {}, state = _a.state, user = _a.user, deletionAt = _a.deletionAt, from = _a.service;
    if (state === 'out')
        return { state: state };
    var tokens = from === service ? tokensOf(stored) : {};
    if (state === 'left')
        return __assign(__assign({ state: state }, tokens), { deletionAt: String(deletionAt || '') });
    return from === service && user && typeof user.id === 'string' ? __assign({ state: 'in', user: user }, tokens) : { state: 'in' };
}
function tokensOf(_a) {
    var t = _a.tokens;
    return t && typeof t.accessToken === 'string' && typeof t.refreshToken === 'string' &&
        t.renewAt > 0 && t.expiresAt > 0 && t.refreshExpiresAt > 0 ? { tokens: t } : {};
}

var loginLimit = 15000; // ms: wx.login has been seen never to call back
var randomLimit = 1000; // ms
function createWire(platform) {
    function request(options, token) {
        return called('network_error', named(options), function (done, fail) { return platform.request(__assign(__assign({}, sendable(options, token)), { url: options.url, success: function (_a) {
                var statusCode = _a.statusCode, data = _a.data, header = _a.header;
                return done(function () { return answered(options, statusCode, options.dataType && statusCode < 300 ? data : read(data), header); });
            }, fail: fail })); }, options.timeout);
    }
    function upload(options, token) {
        return called('network_error', named(options), function (done, fail) { return platform.uploadFile(__assign(__assign({}, sendable(options, token)), { url: options.url, filePath: options.filePath, name: options.name || 'file', success: function (answer) { return done(function () { return answered(options, answer.statusCode, read(answer.data), answer.header); }); }, fail: fail })); }, options.timeout);
    }
    function code() {
        return called('wx_login_failed', 'wx.login', function (done, fail) { return platform.login({
            success: function (result) { return result.code ? done(function () { return result.code; }) : fail({ errMsg: 'no code' }); },
            fail: fail,
        }); }, loginLimit);
    }
    function random() {
        return called('network_error', 'getRandomValues', function (done, fail) { return platform.getRandomValues({
            length: 16,
            success: function (_a) {
                var randomValues = _a.randomValues;
                return done(function () { return hexadecimal(new Uint8Array(randomValues)); });
            },
            fail: fail,
        }); }, randomLimit).then(undefined, function () { return hexadecimal(guessed(16)); }); // older platforms have none
    }
    return { request: request, upload: upload, code: code, random: random };
}
var patience = 5000; // ms that a platform may be late with calling back
// Makes a promise of a call with callbacks. What throws at once has failed, and so has
// what does not call back in time, where a limit is given.
function called(code, what, act, limit) {
    return new Promise(function (resolve, reject) {
        var fail = function (failure) { clearTimeout(timer); reject(failed$1(code, what, failure)); };
        var timer = limit ? setTimeout(function () { return fail({ errMsg: 'never called back' }); }, limit + patience) : 0;
        var done = function (make) {
            clearTimeout(timer);
            try {
                resolve(make());
            }
            catch (error) {
                reject(error.code ? error : failed$1(code, what, { errMsg: String(error) }));
            }
        };
        try {
            kept(act(done, fail));
        }
        catch (error) {
            fail({ errMsg: String(error) });
        }
    });
}
// Some platforms give a promise beside the callbacks, which nobody else looks at.
function kept(result) {
    if (result && typeof result.then === 'function')
        result.then(undefined, function () { return undefined; });
}
function answered(options, statusCode, data, header) {
    if (statusCode >= 200 && statusCode < 300)
        return { statusCode: statusCode, data: data, header: header || {} };
    throw refusal(named(options), statusCode, data, header);
}
// For messages. What a query holds may be anybody's business.
function named(_a) {
    var method = _a.method, url = _a.url;
    return (method || 'GET') + ' ' + url.split(/[?#]/)[0];
}
// The answer to an upload is a text, and so is every one where a dataType was asked
// for. The platform has parsed the others already, if they are JSON.
function read(data) {
    if (typeof data !== 'string')
        return data;
    try {
        return JSON.parse(data);
    }
    catch (_) {
        return data;
    }
}
// What the caller asked for, without the callbacks, and with our token in place of any.
function sendable(_a, token) {
    _a.success; _a.fail; _a.complete; var options = __rest(_a, ["success", "fail", "complete"]);
    var header = {};
    for (var name in options.header)
        if (name.toLowerCase() !== 'authorization')
            header[name] = options.header[name];
    if (token)
        header.Authorization = 'Bearer ' + token;
    return __assign(__assign({}, options), { url: options.url, header: header });
}
function guessed(length) {
    var bytes = [];
    while (bytes.length < length)
        bytes.push(Math.floor(Math.random() * 256));
    return bytes;
}
function hexadecimal(bytes) {
    var text = '';
    for (var i = 0; i < bytes.length; i++)
        text += (bytes[i] + 256).toString(16).slice(1);
    return text;
}

/** Makes the client of a mini program: make one, and share it. Throws a TypeError on options that cannot be meant. */
function createClient(options) {
    var _this = this;
    var base = baseOf(options.baseURL);
    var bases = [base].concat((options.backends || []).map(baseOf));
    var platform = options.platform || (typeof wx === 'undefined' ? undefined : wx);
    if (!platform)
        throw new TypeError('wxlogin: there is no wx here, name a platform');
    var listeners = [];
    var wire = createWire(platform);
    var store = createStore(platform, base + ' ' + (options.appId || ''));
    var service = createService(platform, wire, store, base, options.appId);
    var session = createSession(wire, store, service, {
        // Later, and outside of what is under way: listeners may call the client, or throw.
        restored: function (result) { if (options.onRestored)
            setTimeout(options.onRestored, 0, result); },
        lost: function (error) { listeners.slice().forEach(function (listener) { return setTimeout(function () { if (listeners.indexOf(listener) >= 0)
            listener(error); }, 0); }); },
    });
    var ending = createEnding(service, store, session);
    function request(what) {
        return __awaiter(this, void 0, Promise, function () {
            var asked, url;
            return __generator(this, function (_a) {
                asked = typeof what === 'string' ? { url: what } : what;
                url = addressOf(asked.url, bases);
                return [2 /*return*/, session.withToken(function (token) { return wire.request(__assign(__assign({}, asked), { url: url }), token); }, own(url))];
            });
        });
    }
    function upload(what) {
        return __awaiter(this, void 0, Promise, function () {
            var url;
            return __generator(this, function (_a) {
                url = addressOf(what.url, bases);
                return [2 /*return*/, session.withToken(function (token) { return wire.upload(__assign(__assign({}, what), { url: url }), token); }, own(url))];
            });
        });
    }
    var own = function (url) { return url.indexOf(base) === 0 && /^[/?#]/.test(url.slice(base.length)); };
    var changes = 0; // of the user, that were answered
    function me() {
        return __awaiter(this, void 0, Promise, function () {
            var before, user, _a;
            return __generator(this, function (_b) {
                switch (_b.label) {
                    case 0:
                        before = changes;
                        _a = userOf;
                        return [4 /*yield*/, request('/v1/me')];
                    case 1:
                        user = _a.apply(void 0, [_b.sent()]);
                        if (before === changes)
                            remember(user); // else it may be older than what is known
                        return [2 /*return*/, user];
                }
            });
        });
    }
    // The user as a change leaves it.
    function changed(answer) {
        return __awaiter(this, void 0, Promise, function () {
            var user, _a;
            return __generator(this, function (_b) {
                switch (_b.label) {
                    case 0:
                        _a = userOf;
                        return [4 /*yield*/, answer];
                    case 1:
                        user = _a.apply(void 0, [_b.sent()]);
                        changes++;
                        remember(user);
                        return [2 /*return*/, user];
                }
            });
        });
    }
    function remember(user) {
        var kept = store.get();
        if (kept.tokens && kept.state === 'in')
            store.set(__assign(__assign({}, kept), { user: __assign({}, user) }));
    }
    function sessions() {
        return __awaiter(this, void 0, Promise, function () {
            var data;
            return __generator(this, function (_a) {
                switch (_a.label) {
                    case 0: return [4 /*yield*/, request('/v1/sessions')];
                    case 1:
                        data = (_a.sent()).data;
                        if (!data || !Array.isArray(data.sessions))
                            throw badAnswer();
                        return [2 /*return*/, data.sessions];
                }
            });
        });
    }
    function bindPhone(detail) {
        return __awaiter(this, void 0, Promise, function () {
            var code, encryptedData, iv, errMsg, errno, _a, state, user;
            return __generator(this, function (_b) {
                switch (_b.label) {
                    case 0:
                        code = detail.code, encryptedData = detail.encryptedData, iv = detail.iv, errMsg = detail.errMsg, errno = detail.errno;
                        _a = store.get(), state = _a.state, user = _a.user;
                        if (state !== 'in')
                            throw session.closed();
                        if (!code) {
                            if (!encryptedData || !iv)
                                throw failed$1('phone_refused', 'getPhoneNumber', { errMsg: errMsg || 'no number', errno: errno });
                            return [2 /*return*/, put({ encryptedData: encryptedData, iv: iv })];
                        }
                        return [4 /*yield*/, session.settled()]; // a login of before the tap
                    case 1:
                        _b.sent(); // a login of before the tap
                        if (store.get().state !== 'in')
                            throw session.closed();
                        if (!session.live())
                            return [2 /*return*/, logInWithPhone(code)];
                        return [2 /*return*/, put({ code: code }).then(undefined, function (error) {
                                if (error.code !== 'network_error')
                                    throw error;
                                return putAgain(code, user && user.phone);
                            })];
                }
            });
        });
    }
    var put = function (data) { return changed(request({ url: '/v1/me/phone', method: 'PUT', data: data })); };
    // The first answer was lost. A code works once: refused now, it may have been spent
    // then, and whether it was shows in the number.
    function putAgain(code, before) {
        var _this = this;
        return put({ code: code }).then(undefined, function (error) { return __awaiter(_this, void 0, void 0, function () {
            var user;
            return __generator(this, function (_a) {
                switch (_a.label) {
                    case 0:
                        if (error.code !== 'phone_code_invalid')
                            throw error;
                        return [4 /*yield*/, me()];
                    case 1:
                        user = _a.sent();
                        if (!user.phone || user.phone === before)
                            throw error;
                        return [2 /*return*/, user];
                }
            });
        }); });
    }
    function removePhone() {
        return __awaiter(this, void 0, Promise, function () {
            var _a, user, rest;
            return __generator(this, function (_b) {
                switch (_b.label) {
                    case 0:
                        _a = done;
                        return [4 /*yield*/, request({ url: '/v1/me/phone', method: 'DELETE' })];
                    case 1:
                        _a.apply(void 0, [_b.sent()]);
                        changes++;
                        user = store.get().user;
                        if (!user)
                            return [2 /*return*/, me()];
                        user.phone, rest = __rest(user, ["phone"]);
                        remember(rest);
                        return [2 /*return*/, rest];
                }
            });
        });
    }
    function logInWithPhone(phoneCode) {
        return __awaiter(this, void 0, Promise, function () {
            var _a, user, warnings, wrong;
            return __generator(this, function (_b) {
                switch (_b.label) {
                    case 0: return [4 /*yield*/, session.login({ phoneCode: phoneCode })];
                    case 1:
                        _a = _b.sent(), user = _a.user, warnings = _a.warnings;
                        wrong = warnings.filter(function (_a) {
                            var code = _a.code;
                            return code !== 'open_data_invalid' && code !== 'open_data_stale';
                        })[0];
                        if (wrong)
                            throw clientError(wrong.code, 'logged in, but the number is not bound');
                        return [2 /*return*/, user];
                }
            });
        });
    }
    return {
        login: function (more) {
            if (more === void 0) { more = {}; }
            return session.login(more);
        },
        request: request,
        upload: upload,
        logout: ending.logout,
        logoutEverywhere: ending.logoutEverywhere,
        me: me,
        updateProfile: function (_a) { return __awaiter(_this, [_a], void 0, function (_b) {
            var nickname = _b.nickname;
            return __generator(this, function (_c) {
                return [2 /*return*/, changed(request({ url: '/v1/me', method: 'POST', data: { nickname: nickname } }))];
            });
        }); },
        uploadAvatar: function (filePath) { return changed(upload({ url: '/v1/me/avatar', filePath: filePath })); },
        bindPhone: bindPhone,
        removePhone: removePhone,
        sessions: sessions,
        endSession: function (id) { return request({ url: '/v1/sessions/' + encodeURIComponent(id), method: 'DELETE' }).then(done); },
        leave: ending.leave,
        comeBack: ending.comeBack,
        prepare: session.prepare,
        onSessionLost: function (listener) {
            listeners.push(listener);
            return function () {
                var at = listeners.indexOf(listener);
                if (at >= 0)
                    listeners.splice(at, 1);
            };
        },
        user: function () { return copy(store.get().user); },
        state: function () { return store.get().state; },
    };
}
function userOf(_a) {
    var data = _a.data;
    if (!data || typeof data.id !== 'string')
        throw badAnswer();
    return data;
}
function copy(user) {
    return user && __assign({}, user);
}

exports.createClient = createClient;
