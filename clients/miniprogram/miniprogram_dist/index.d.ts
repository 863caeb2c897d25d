/*! wxlogin-miniprogram 0.1.0, Apache-2.0. Made of clients/miniprogram/src: change it there. */
/**
 * What the SDK uses of `wx`, of `uni` and of `Taro`: any object with these methods
 * will do, in tests a stand-in.
 */
interface Platform {
    login(options: {
        success: (result: {
            code: string;
        }) => void;
        fail: (error: Failure) => void;
    }): unknown;
    request(options: {
        url: string;
        method?: any;
        data?: any;
        header?: Record<string, string>;
        timeout?: number;
        dataType?: any;
        responseType?: any;
        redirect?: any;
        success: (result: {
            statusCode: number;
            data: any;
            header: any;
        }) => void;
        fail: (error: Failure) => void;
    }): unknown;
    uploadFile(options: {
        url: string;
        filePath: string;
        name: string;
        formData?: Record<string, any>;
        header?: Record<string, string>;
        timeout?: number;
        success: (result: {
            statusCode: number;
            data: any;
        }) => void;
        fail: (error: Failure) => void;
    }): unknown;
    getStorageSync(key: string): any;
    setStorageSync(key: string, value: any): void;
    removeStorageSync(key: string): void;
    getRandomValues?(options: {
        length: number;
        success: (result: {
            randomValues: ArrayBuffer;
        }) => void;
        fail: (error: Failure) => void;
    }): unknown;
    getDeviceInfo?(): {
        model?: string;
        platform?: string;
    };
    getSystemInfoSync?(): {
        model?: string;
        platform?: string;
    };
}
/** What a platform's `fail` is called with. */
interface Failure {
    errMsg?: string;
    errno?: number | undefined;
}
interface ClientOptions {
    /** Where wxlogin is, `https://login.example.com`. It must be on the console's lists of domains for request and for uploadFile. */
    baseURL: string;
    /** The AppID of this mini program. May be missing where the service serves one only. */
    appId?: string;
    /** Where your own backends are, `https://api.example.com`: the only other places that are sent the access token. */
    backends?: string[];
    /** `wx` unless it is given: `uni`, `Taro`, or a stand-in. */
    platform?: Platform;
    /**
     * A login, silent or not, took back the deletion of the account that was asked for on
     * another device: tell the person. It is not known here where no answer to that login
     * arrived.
     */
    onRestored?: (result: LoginResult) => void;
}
/** The user, as `GET /v1/me` answers it. */
interface User {
    id: string;
    nickname?: string;
    avatarUrl?: string;
    /** Masked: 138****6666. */
    phone?: string;
    unionLinked: boolean;
    /** RFC 3339. */
    createdAt: string;
    /** RFC 3339. */
    lastLoginAt: string;
}
interface LoginOptions {
    /** What the phone button gave: the number is bound in the same request. What goes wrong with it is a warning. */
    phoneCode?: string;
    /** For clients of base libraries before 2.27.1: what `wx.getUserProfile` gave. */
    profile?: OpenData;
    /** Log in although there is a session, which the new one replaces. */
    force?: boolean;
}
interface LoginResult {
    user: User;
    /** The first login of this person. False where there was a session already. */
    newUser: boolean;
    /** The account was to be deleted, and this login has taken that back. */
    restored: boolean;
    /** What did not work beside the login: `phone_code_invalid`, `open_data_stale` and others. */
    warnings: Array<{
        code: string;
    }>;
}
interface OpenData {
    encryptedData: string;
    iv: string;
    rawData?: string;
    signature?: string;
}
/** `event.detail` of `<button open-type="getPhoneNumber">`. */
interface PhoneDetail {
    code?: string;
    encryptedData?: string;
    iv?: string;
    errMsg?: string;
    errno?: number;
}
interface Session {
    id: string;
    current: boolean;
    device?: {
        id?: string;
        name?: string;
        platform?: string;
    };
    createdAt: string;
    expiresAt: string;
}
/** Options of `wx.request` that are not named here are passed on; callbacks are not called. */
interface RequestOptions {
    /** A path on wxlogin, `/v1/me`, or a whole address on wxlogin or one of `backends`. */
    url: string;
    method?: string;
    data?: any;
    header?: Record<string, string>;
    timeout?: number;
    dataType?: string;
    responseType?: string;
    [option: string]: any;
}
/** As RequestOptions, of `wx.uploadFile`. */
interface UploadOptions {
    /** As in RequestOptions. */
    url: string;
    /** `wxfile://…`, as chooseAvatar and chooseMedia give it. */
    filePath: string;
    /** The form's field: `file` unless it is given. */
    name?: string;
    formData?: Record<string, any>;
    header?: Record<string, string>;
    timeout?: number;
    [option: string]: any;
}
interface Response<T = any> {
    statusCode: number;
    /** Of an upload, too, JSON is parsed. */
    data: T;
    header: Record<string, string>;
}
/** Codes that no server sends: what the SDK itself found. */
type LocalCode = 'network_error' | 'bad_answer' | 'http_error' | 'wx_login_failed' | 'logged_out' | 'left' | 'no_session' | 'phone_refused' | 'foreign_url';
/** What every promise of the SDK rejects with. */
interface ClientError extends Error {
    /** A LocalCode, or what the server's answer says: `user_banned`, `rate_limited` … */
    code: LocalCode | (string & {});
    /** Missing where there was no answer. */
    statusCode?: number;
    /** What to do next, in English; where no answer came, what the platform says. */
    detail?: string;
    /** The platform's own number of what went wrong, where no answer came. */
    errno?: number;
    /** To be named to whoever runs the service: it is in the logs. */
    requestId?: string;
    /** The fields of the request that are wrong. */
    errors?: Array<{
        field: string;
        rule: string;
    }>;
    /** Seconds after which to try again. */
    retryAfter?: number;
    /** The body of the answer. */
    data?: any;
}
/**
 * in: there is a session, or the next request makes one; out: logout() was called;
 * left: leave() was called. Both are kept until login() or comeBack().
 */
type State = 'in' | 'out' | 'left';
interface Client {
    /**
     * Makes sure that there is a session. Where one is stored it sends nothing. Any
     * number of calls at once are one login; those with options follow one another.
     * Rejects with `left` after leave(). It is what logs in again after logout().
     */
    login(options?: LoginOptions): Promise<LoginResult>;
    /**
     * Sends a request with the access token, for which it logs in or renews as
     * needed; what was refused for its token is sent once more with another one.
     * Rejects where the answer's status is 300 or more. After logout() or leave() it
     * rejects with `logged_out` or `left`, and sends nothing. An Authorization of the
     * caller's own is replaced. There is no task to abort it by, and the time that
     * logging in takes is not counted by `timeout`.
     */
    request<T = any>(options: RequestOptions | string): Promise<Response<T>>;
    /** Uploads a file as `request` sends a request. */
    upload<T = any>(options: UploadOptions): Promise<Response<T>>;
    /** Ends the session, and resolves whatever the answer is: the tokens are forgotten here at once. */
    logout(): Promise<void>;
    /** Ends every session of the user, on every device, as logout() does this one. Rejects, and nothing has changed here, where that is not known to be done. */
    logoutEverywhere(): Promise<void>;
    me(): Promise<User>;
    /** Chooses a nickname: 1 to 32 characters. */
    updateProfile(profile: {
        nickname: string;
    }): Promise<User>;
    /** Uploads the picture that chooseAvatar gave the path of. */
    uploadAvatar(filePath: string): Promise<User>;
    /** Binds the number of the phone button. Pass it `event.detail`, whatever it is. */
    bindPhone(detail: PhoneDetail): Promise<User>;
    removePhone(): Promise<User>;
    /** Where the user is logged in. */
    sessions(): Promise<Session[]>;
    /** Ends one of these sessions, a lost phone's for example. */
    endSession(id: string): Promise<void>;
    /**
     * Deletes the account, and resolves to when the data goes (RFC 3339), or to ''
     * where the answer that said so was lost. It never logs in, for that would take it
     * back: where the session has ended already it rejects with `no_session`, and
     * nothing has changed. Where the service refuses, nothing has changed either. Where
     * no answer came it may be done, and is to be called again. Twice is as good as once. Nothing logs in on this device any
     * more until comeBack().
     */
    leave(): Promise<string>;
    /** Logs in after leave(), for a person who was asked, and said so. Otherwise as login(), but it rejects after logout(). */
    comeBack(): Promise<LoginResult>;
    /**
     * Call it in `onShow` of a page with a phone button: what the tap needs is fetched
     * before it, for wx.login between the tap and the request may replace the
     * session_key that the tap's data is encrypted with. Never rejects.
     */
    prepare(): Promise<void>;
    /**
     * Calls back when the session has ended and cannot be renewed silently: `user_banned`
     * for one. Not where the network is down, nor after logout() or leave(). Returns what
     * takes it back.
     */
    onSessionLost(listener: (error: ClientError) => void): () => void;
    /** The user as last seen, without a request; undefined where nobody is known to be logged in. */
    user(): User | undefined;
    state(): State;
}

/** Makes the client of a mini program: make one, and share it. Throws a TypeError on options that cannot be meant. */
declare function createClient(options: ClientOptions): Client;

export { createClient };
export type { Client, ClientError, ClientOptions, Failure, LocalCode, LoginOptions, LoginResult, OpenData, PhoneDetail, Platform, RequestOptions, Response, Session, State, UploadOptions, User };
