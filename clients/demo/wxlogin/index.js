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
/** For an answer of another shape than the service's: a portal's, a proxy's. */
function badAnswer() {
    return clientError('bad_answer', 'something else than wxlogin answered');
}
/** What a platform's `fail` says. */
function failed(code, failure) {
    return clientError(code, (failure && failure.errMsg) || 'no reason given');
}
/** What an answer of 300 or more says: wxlogin's problem (RFC 9457), or a backend's own. */
function refusal(statusCode, data, header) {
    var body = data && typeof data === 'object' ? data : {};
    var code = typeof body.code === 'string' && body.code ? body.code : 'http_error';
    var more = { statusCode: statusCode, data: data };
    if (typeof body.detail === 'string')
        more.detail = body.detail;
    if (typeof body.requestId === 'string')
        more.requestId = body.requestId;
    if (body.errors)
        more.errors = body.errors;
    var seconds = Number(named(header, 'retry-after'));
    if (seconds > 0)
        more.retryAfter = seconds;
    return clientError(code, body.title || 'status ' + statusCode, more);
}
// Platforms differ in how they spell the names of headers.
function named(header, name) {
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
    return /^([/?#]|$)/.test(rest) && !/[\x00-\x20\\]|\/(\.|%2e){2}(\/|$)/i.test(rest.split(/[?#]/)[0]);
}

function createEnding(service, store, session) {
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
                        _a = store.get(), state = _a.state, tokens = _a.tokens;
                        if (state === 'left')
                            return [2 /*return*/];
                        session.discard();
                        store.set({ state: 'out' });
                        if (!tokens)
                            return [2 /*return*/];
                        return [4 /*yield*/, actOnce(tokens, service.logout, function () { return undefined; }).then(undefined, function () { return undefined; })];
                    case 1:
                        _b.sent();
                        return [2 /*return*/];
                }
            });
        });
    }
    function logoutEverywhere() {
        return __awaiter(this, void 0, Promise, function () {
            return __generator(this, function (_a) {
                switch (_a.label) {
                    case 0: return [4 /*yield*/, session.withToken(service.logoutEverywhere)];
                    case 1:
                        _a.sent();
                        session.discard();
                        store.set({ state: 'out' });
                        return [2 /*return*/];
                }
            });
        });
    }
    var leaving;
    // Any number of calls at once are one.
    function leave() {
        if (!leaving) {
            var landed = function () { leaving = undefined; };
            leaving = leaveOnce();
            leaving.then(landed, landed);
        }
        return leaving;
    }
    function leaveOnce() {
        return __awaiter(this, void 0, Promise, function () {
            var _a, state, tokens, user, deletionAt, deletionAt_1, error_2;
            return __generator(this, function (_b) {
                switch (_b.label) {
                    case 0: return [4 /*yield*/, session.settled()];
                    case 1:
                        _b.sent();
                        _a = store.get(), state = _a.state, tokens = _a.tokens, user = _a.user, deletionAt = _a.deletionAt;
                        if (state === 'out')
                            throw session.closed();
                        if (state === 'left' && !tokens)
                            return [2 /*return*/, deletionAt || ''];
                        if (!tokens)
                            throw session.closed();
                        // Marked before it is sent: the answer may be lost.
                        session.discard();
                        store.set({ state: 'left', tokens: tokens, deletionAt: '' });
                        _b.label = 2;
                    case 2:
                        _b.trys.push([2, 4, , 5]);
                        return [4 /*yield*/, actOnce(tokens, service.leave, function (next) { return store.set(__assign(__assign({}, store.get()), { tokens: next })); })];
                    case 3:
                        deletionAt_1 = _b.sent();
                        store.set({ state: 'left', deletionAt: deletionAt_1 });
                        return [3 /*break*/, 5];
                    case 4:
                        error_2 = _b.sent();
                        if (!over(error_2))
                            throw error_2; // it may have been done: leave() again
                        if (state !== 'left') { // nobody knows why the session has ended
                            store.set(user ? { state: 'in', user: user } : { state: 'in' });
                            throw error_2;
                        }
                        store.set({ state: 'left', deletionAt: '' }); // the first answer was lost
                        return [3 /*break*/, 5];
                    case 5: return [2 /*return*/, store.get().deletionAt || ''];
                }
            });
        });
    }
    return { logout: logout, logoutEverywhere: logoutEverywhere, leave: leave };
}
// Whether the session is known to have ended, or its user to be kept out.
function over(error) {
    return tokenRefused(error) || error.code === 'refresh_invalid' || error.code === 'user_banned';
}

var answerLimit = 20000; // ms
var pause = 300; // ms before what got no answer is sent again
function createService(platform, wire, store, base, appId) {
    var _this = this;
    var end = function (method, path, token) { return wire.request({ url: base + path, method: method, timeout: answerLimit }, token); };
    // For what may be sent again where no answer came.
    function post(path, body, header) {
        return __awaiter(this, void 0, Promise, function () {
            var data, left, error_1;
            return __generator(this, function (_a) {
                switch (_a.label) {
                    case 0:
                        data = JSON.parse(JSON.stringify(body)) // without what is undefined
                        ;
                        left = 2;
                        _a.label = 1;
                    case 1:
                        _a.trys.push([1, 3, , 4]);
                        return [4 /*yield*/, wire.request({ url: base + path, method: 'POST', data: data, header: header, timeout: answerLimit })];
                    case 2: return [2 /*return*/, (_a.sent()).data];
                    case 3:
                        error_1 = _a.sent();
                        if (error_1.code !== 'network_error' || left === 0)
                            throw error_1;
                        return [3 /*break*/, 4];
                    case 4: return [4 /*yield*/, new Promise(function (resolve) { return setTimeout(function () { return resolve(); }, pause); })];
                    case 5:
                        _a.sent();
                        _a.label = 6;
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
        login: function (code_1, _a) {
            return __awaiter(this, arguments, void 0, function (code, _b) {
                var key, device, answer, tokens, user, newUser, restored, warnings;
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
                            return [4 /*yield*/, post('/v1/login', { appId: appId, code: code, device: device, phoneCode: phoneCode, profile: profile }, { 'Idempotency-Key': key })];
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
                        return [4 /*yield*/, post('/v1/token/refresh', { refreshToken: refreshToken }, {})];
                    case 1: return [2 /*return*/, _c.apply(void 0, [_d.sent()])];
                }
            });
        }); },
        logout: function (token) { return end('POST', '/v1/logout', token).then(done); },
        logoutEverywhere: function (token) { return end('POST', '/v1/logout/all', token).then(done); },
        leave: function (token) {
            return __awaiter(this, void 0, void 0, function () {
                var data;
                return __generator(this, function (_a) {
                    switch (_a.label) {
                        case 0: return [4 /*yield*/, end('DELETE', '/v1/me', token)];
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

var refusalLife = 30000; // ms in which nobody who was refused is logged in unasked
var failureLife = 10000; // ms in which a token that serves is not renewed again, where that failed
function createSession(wire, store, service, listeners) {
    var flight; // a login; or a renewal, undefined where no login was needed
    var epoch = 0; // discard() begins another one
    var codes = createCodes(wire);
    var refusal;
    var failedAt = 0; // a renewal ahead of time
    function live() {
        var _a = store.get(), state = _a.state, tokens = _a.tokens;
        return state === 'in' && !!tokens && Date.now() < tokens.refreshExpiresAt;
    }
    function closed() {
        return store.get().state === 'left'
            ? clientError('left', 'the account is deleted, comeBack() logs in')
            : clientError('logged_out', 'login() logs in');
    }
    // One at a time: each refresh spends the token that the one before brought.
    function fly(begin) {
        if (flight)
            return flight;
        var begun = flight = begin();
        var land = function () { if (flight === begun)
            flight = undefined; };
        begun.then(land, land);
        return begun;
    }
    function settled() {
        return __awaiter(this, void 0, Promise, function () {
            return __generator(this, function (_a) {
                switch (_a.label) {
                    case 0:
                        if (!flight) return [3 /*break*/, 2];
                        return [4 /*yield*/, flight.then(undefined, function () { return undefined; })];
                    case 1:
                        _a.sent();
                        return [3 /*break*/, 0];
                    case 2: return [2 /*return*/];
                }
            });
        });
    }
    function discard() {
        epoch++;
        flight = refusal = undefined;
        codes.drop();
    }
    function token() {
        return __awaiter(this, void 0, Promise, function () {
            var _a, state, tokens, error_1, serves;
            return __generator(this, function (_b) {
                switch (_b.label) {
                    case 0:
                        _a = store.get(), state = _a.state, tokens = _a.tokens;
                        if (!flight && state !== 'in')
                            throw closed();
                        if (!flight && tokens && Date.now() < (within(failedAt, failureLife) ? tokens.expiresAt : tokens.renewAt))
                            return [2 /*return*/, tokens.accessToken];
                        _b.label = 1;
                    case 1:
                        _b.trys.push([1, 3, , 4]);
                        return [4 /*yield*/, fly(renew)];
                    case 2:
                        _b.sent();
                        return [3 /*break*/, 4];
                    case 3:
                        error_1 = _b.sent();
                        serves = tokens && store.get().tokens === tokens && Date.now() < tokens.expiresAt;
                        if (!serves || !passing(error_1))
                            throw error_1;
                        failedAt = Date.now();
                        return [3 /*break*/, 4];
                    case 4: return [2 /*return*/, current()];
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
    function withToken(act) {
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
                        return [4 /*yield*/, allowed(used, act)];
                    case 3: return [2 /*return*/, _a.sent()];
                    case 4:
                        error_2 = _a.sent();
                        if (!tokenRefused(error_2))
                            throw error_2;
                        tokens = store.get() // another request may have renewed it meanwhile
                        .tokens;
                        if (!(flight || !tokens || tokens.accessToken === used)) return [3 /*break*/, 6];
                        return [4 /*yield*/, fly(renew)];
                    case 5:
                        _a.sent();
                        _a.label = 6;
                    case 6: return [2 /*return*/, allowed(current(), act)];
                    case 7: return [2 /*return*/];
                }
            });
        });
    }
    // Acts, and notices where the user is kept out: no other token will do.
    function allowed(accessToken, act) {
        return __awaiter(this, void 0, Promise, function () {
            var error_3, tokens;
            return __generator(this, function (_a) {
                switch (_a.label) {
                    case 0:
                        _a.trys.push([0, 2, , 3]);
                        return [4 /*yield*/, act(accessToken)];
                    case 1: return [2 /*return*/, _a.sent()];
                    case 2:
                        error_3 = _a.sent();
                        tokens = store.get().tokens;
                        if (error_3.code === 'user_banned' && tokens && tokens.accessToken === accessToken)
                            lose(error_3, true);
                        throw error_3;
                    case 3: return [2 /*return*/];
                }
            });
        });
    }
    function lose(error, hadSession) {
        refusal = { error: error, at: Date.now() };
        store.set({ state: 'in' });
        if (hadSession)
            listeners.lost(error);
    }
    function renew() {
        return __awaiter(this, void 0, Promise, function () {
            var begun, _a, state, tokens, _b, _c, error_4;
            return __generator(this, function (_d) {
                switch (_d.label) {
                    case 0:
                        begun = epoch;
                        _a = store.get(), state = _a.state, tokens = _a.tokens;
                        if (state !== 'in')
                            throw closed();
                        if (!live()) return [3 /*break*/, 4];
                        _d.label = 1;
                    case 1:
                        _d.trys.push([1, 3, , 4]);
                        _b = keep;
                        _c = [begun];
                        return [4 /*yield*/, service.refresh(tokens)];
                    case 2:
                        _b.apply(void 0, _c.concat([_d.sent()]));
                        return [2 /*return*/, undefined];
                    case 3:
                        error_4 = _d.sent();
                        if (begun !== epoch || passing(error_4))
                            throw error_4;
                        return [3 /*break*/, 4];
                    case 4: return [2 /*return*/, logInUnasked(begun, !!tokens)];
                }
            });
        });
    }
    function logInUnasked(begun, hadSession) {
        return __awaiter(this, void 0, Promise, function () {
            var error_5;
            return __generator(this, function (_a) {
                switch (_a.label) {
                    case 0:
                        if (refusal && within(refusal.at, refusalLife))
                            throw refusal.error;
                        _a.label = 1;
                    case 1:
                        _a.trys.push([1, 3, , 4]);
                        return [4 /*yield*/, logIn({})];
                    case 2: return [2 /*return*/, _a.sent()];
                    case 3:
                        error_5 = _a.sent();
                        if (begun === epoch && !passing(error_5))
                            lose(error_5, hadSession);
                        throw error_5;
                    case 4: return [2 /*return*/];
                }
            });
        });
    }
    // Keeps the tokens, unless the session was ended while they were on their way.
    function keep(begun, tokens, user) {
        if (begun !== epoch) {
            service.logout(tokens.accessToken).then(undefined, function () { return undefined; });
            throw closed();
        }
        store.set(user ? { state: 'in', tokens: tokens, user: user } : __assign(__assign({}, store.get()), { tokens: tokens }));
    }
    function logIn(options, quietly) {
        return __awaiter(this, void 0, Promise, function () {
            var begun, prepared, _a, tokens, result, _b, _c, _d;
            var _this = this;
            return __generator(this, function (_e) {
                switch (_e.label) {
                    case 0:
                        begun = epoch;
                        return [4 /*yield*/, codes.take()];
                    case 1:
                        prepared = _e.sent();
                        _c = (_b = service).login;
                        _d = prepared;
                        if (_d) return [3 /*break*/, 3];
                        return [4 /*yield*/, wire.code()];
                    case 2:
                        _d = (_e.sent());
                        _e.label = 3;
                    case 3: return [4 /*yield*/, _c.apply(_b, [_d, options]).then(undefined, function (error) { return __awaiter(_this, void 0, void 0, function () {
                            var _a, _b;
                            return __generator(this, function (_c) {
                                switch (_c.label) {
                                    case 0:
                                        if (!prepared || (error.code !== 'code_invalid' && error.code !== 'code_used'))
                                            throw error;
                                        _b = (_a = service).login;
                                        return [4 /*yield*/, wire.code()];
                                    case 1: return [2 /*return*/, _b.apply(_a, [_c.sent(), options])];
                                }
                            });
                        }); })];
                    case 4:
                        _a = _e.sent(), tokens = _a.tokens, result = _a.result;
                        keep(begun, tokens, result.user);
                        refusal = undefined;
                        if (result.restored && !quietly)
                            listeners.restored(result);
                        return [2 /*return*/, result];
                }
            });
        });
    }
    function known() {
        return { user: store.get().user, newUser: false, restored: false, warnings: [] };
    }
    function login(options) {
        return __awaiter(this, void 0, Promise, function () {
            var _a, state, user, more;
            return __generator(this, function (_b) {
                switch (_b.label) {
                    case 0:
                        _a = store.get(), state = _a.state, user = _a.user;
                        if (state === 'left')
                            throw closed();
                        more = options.force || options.phoneCode || options.profile;
                        if (!more && live() && user)
                            return [2 /*return*/, known()];
                        _b.label = 1;
                    case 1:
                        if (!(more && flight)) return [3 /*break*/, 3];
                        return [4 /*yield*/, settled()]; // what they bring is not what was asked for
                    case 2:
                        _b.sent(); // what they bring is not what was asked for
                        return [3 /*break*/, 1];
                    case 3: return [4 /*yield*/, fly(function () { return logIn(options); })];
                    case 4: // what they bring is not what was asked for
                    return [2 /*return*/, (_b.sent()) || known()];
                }
            });
        });
    }
    function comeBack() {
        return __awaiter(this, void 0, Promise, function () {
            return __generator(this, function (_a) {
                switch (_a.label) {
                    case 0: return [4 /*yield*/, settled()];
                    case 1:
                        _a.sent();
                        return [4 /*yield*/, fly(function () { return logIn({}, true); })];
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
                        if (!(!flight && store.get().state !== 'left')) return [3 /*break*/, 4];
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
    return { login: login, withToken: withToken, comeBack: comeBack, prepare: prepare, live: live, settled: settled, discard: discard, closed: closed };
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
            // a full storage: memory serves until the next start
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
// Storage may hold anything: an older version's, or what a debugger typed.
function sane(stored, service) {
    if (!stored || stored.service !== service)
        return { state: 'in' };
    if (stored.state === 'out')
        return { state: 'out' };
    if (stored.state === 'left')
        return __assign(__assign({ state: 'left' }, tokensOf(stored)), { deletionAt: String(stored.deletionAt || '') });
    var user = stored.user;
    return user && typeof user.id === 'string' ? __assign({ state: 'in', user: user }, tokensOf(stored)) : { state: 'in' };
}
function tokensOf(_a) {
    var t = _a.tokens;
    return t && typeof t.accessToken === 'string' && typeof t.refreshToken === 'string' &&
        t.renewAt > 0 && t.expiresAt > 0 && t.refreshExpiresAt > 0 ? { tokens: t } : {};
}

var loginLimit = 15000; // ms: wx.login has been seen never to call back
function createWire(platform) {
    function request(options, token) {
        return called('network_error', function (done, fail) { return platform.request(__assign(__assign({}, options), { header: authorized(options.header, token), success: function (_a) {
                var statusCode = _a.statusCode, data = _a.data, header = _a.header;
                return done(answered(statusCode, options.dataType && statusCode < 300 ? data : read(data), header));
            }, fail: fail })); });
    }
    function upload(options, token) {
        return called('network_error', function (done, fail) { return platform.uploadFile(__assign(__assign({}, options), { name: options.name || 'file', header: authorized(options.header, token), success: function (answer) { return done(answered(answer.statusCode, read(answer.data), answer.header)); }, fail: fail })); });
    }
    function code() {
        var limit = 0;
        var answer = called('wx_login_failed', function (done, fail) {
            limit = setTimeout(function () { return fail({ errMsg: 'login: no answer' }); }, loginLimit);
            return platform.login({ success: function (result) { return result.code ? done(result.code) : fail({ errMsg: 'login: no code' }); }, fail: fail });
        });
        var settled = function () { return clearTimeout(limit); };
        answer.then(settled, settled);
        return answer;
    }
    function random() {
        return new Promise(function (resolve) {
            var guess = function () { return resolve(hexadecimal(guessed(16))); };
            try {
                kept(platform.getRandomValues({ length: 16, success: function (r) { return resolve(hexadecimal(new Uint8Array(r.randomValues))); }, fail: guess }));
            }
            catch (_) {
                guess(); // older platforms have none
            }
        });
    }
    return { request: request, upload: upload, code: code, random: random };
}
// Makes a promise of a call with callbacks. What throws at once has failed, too.
function called(code, act) {
    return new Promise(function (resolve, reject) {
        var fail = function (failure) { return reject(failed(code, failure)); };
        try {
            kept(act(function (value) { return value instanceof Error ? reject(value) : resolve(value); }, fail));
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
function answered(statusCode, data, header) {
    return statusCode >= 200 && statusCode < 300 ? { statusCode: statusCode, data: data, header: header || {} } : refusal(statusCode, data, header);
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
function authorized(header, token) {
    var all = {};
    for (var name in header)
        if (name.toLowerCase() !== 'authorization')
            all[name] = header[name];
    if (token)
        all.Authorization = 'Bearer ' + token;
    return all;
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
        lost: function (error) { listeners.slice().forEach(function (listener) { return setTimeout(listener, 0, error); }); },
    });
    var ending = createEnding(service, store, session);
    function request(what) {
        return __awaiter(this, void 0, Promise, function () {
            var asked, url;
            return __generator(this, function (_a) {
                asked = typeof what === 'string' ? { url: what } : what;
                url = addressOf(asked.url, bases);
                return [2 /*return*/, session.withToken(function (token) { return wire.request(__assign(__assign({}, asked), { url: url }), token); })];
            });
        });
    }
    function upload(what) {
        return __awaiter(this, void 0, Promise, function () {
            var url;
            return __generator(this, function (_a) {
                url = addressOf(what.url, bases);
                return [2 /*return*/, session.withToken(function (token) { return wire.upload(__assign(__assign({}, what), { url: url }), token); })];
            });
        });
    }
    // Remembers the user that an answer brings.
    function remembered(answer) {
        return __awaiter(this, void 0, Promise, function () {
            var user, kept;
            return __generator(this, function (_a) {
                switch (_a.label) {
                    case 0: return [4 /*yield*/, answer];
                    case 1:
                        user = (_a.sent()).data;
                        if (!user || typeof user.id !== 'string')
                            throw badAnswer();
                        kept = store.get();
                        if (kept.tokens && kept.state === 'in')
                            store.set(__assign(__assign({}, kept), { user: user }));
                        return [2 /*return*/, user];
                }
            });
        });
    }
    var me = function () { return remembered(request('/v1/me')); };
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
            var code, encryptedData, iv, errMsg, _a, state, user;
            return __generator(this, function (_b) {
                code = detail.code, encryptedData = detail.encryptedData, iv = detail.iv, errMsg = detail.errMsg;
                _a = store.get(), state = _a.state, user = _a.user;
                if (state !== 'in')
                    throw session.closed();
                if (!code) {
                    if (!encryptedData || !iv)
                        throw clientError('phone_refused', errMsg || 'no number was given');
                    return [2 /*return*/, put({ encryptedData: encryptedData, iv: iv })];
                }
                if (!session.live())
                    return [2 /*return*/, logInWithPhone(code)];
                return [2 /*return*/, put({ code: code }).then(undefined, function (error) {
                        if (error.code !== 'network_error')
                            throw error;
                        return putAgain(code, user && user.phone);
                    })];
            });
        });
    }
    var put = function (data) { return remembered(request({ url: '/v1/me/phone', method: 'PUT', data: data })); };
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
        updateProfile: function (_a) {
            var nickname = _a.nickname;
            return remembered(request({ url: '/v1/me', method: 'POST', data: { nickname: nickname } }));
        },
        uploadAvatar: function (filePath) { return remembered(upload({ url: '/v1/me/avatar', filePath: filePath })); },
        bindPhone: bindPhone,
        removePhone: function () { return request({ url: '/v1/me/phone', method: 'DELETE' }).then(done).then(me); },
        sessions: sessions,
        endSession: function (id) { return request({ url: '/v1/sessions/' + encodeURIComponent(id), method: 'DELETE' }).then(done); },
        leave: ending.leave,
        comeBack: session.comeBack,
        prepare: session.prepare,
        onSessionLost: function (listener) {
            listeners.push(listener);
            return function () {
                var at = listeners.indexOf(listener);
                if (at >= 0)
                    listeners.splice(at, 1);
            };
        },
        user: function () { return store.get().user; },
        state: function () { return store.get().state; },
    };
}

exports.createClient = createClient;
