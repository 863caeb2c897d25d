package httpapi

import (
	_ "embed"
	"html/template"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// text is what a person is told of a failure: what it is, and what to do next.
type text struct{ title, detail string }

// explanation is a text in both languages.
type explanation struct{ en, zh text }

// texts explains every code; a test holds it complete.
var texts = map[string]explanation{
	"invalid_request": {
		text{"The request is not valid", "Mend the fields listed in errors and send it again."},
		text{"请求无效", "请按 errors 中列出的字段修正后重新发送。"}},
	"unknown_app": {
		text{"The mini program is not known here", "Send the appId of a configured mini program; the operator configures them in WECHAT_APPS."},
		text{"未配置该小程序", "请发送已配置小程序的 appId；由运维在 WECHAT_APPS 中配置。"}},
	"code_invalid": {
		text{"The login code is not valid", "Call wx.login again and send the new code within five minutes. If every login fails like this, the AppID of the client and of the server differ."},
		text{"登录凭证 code 无效", "请重新调用 wx.login，并在五分钟内发送新的 code。若所有登录都如此，请检查客户端与服务端的 AppID 是否一致。"}},
	"code_used": {
		text{"The login code was used before", "Call wx.login again and send the new code."},
		text{"登录凭证 code 已被使用", "请重新调用 wx.login 并发送新的 code。"}},
	"login_blocked": {
		text{"WeChat refuses this user", "WeChat considers the user a high risk and blocks the login; trying again does not help."},
		text{"微信拦截了该用户的登录", "微信判定该用户为高风险用户并拦截登录，重试无效。"}},
	"user_banned": {
		text{"The user is banned", "An operator of the service has to lift the ban."},
		text{"该用户已被封禁", "需要由服务的运营人员解除封禁。"}},
	"open_data_invalid": {
		text{"The open data cannot be used", "Log in first, then ask the user again for the data and send it at once."},
		text{"开放数据无法使用", "请先登录，再让用户重新授权，并立即发送新的数据。"}},
	"open_data_stale": {
		text{"The open data is stale", "Call wx.login and log in again, then let the user tap once more and send the new data."},
		text{"开放数据已过期", "请调用 wx.login 重新登录，再让用户点击一次，并发送新的数据。"}},
	"phone_code_invalid": {
		text{"The phone code is not valid", "Let the user tap the phone button again and send the new code within five minutes; it is not the code of wx.login."},
		text{"手机号 code 无效", "请让用户再次点击手机号按钮，并在五分钟内发送新的 code；它不是 wx.login 的 code。"}},
	"phone_code_required": {
		text{"A phone code is required", "encryptedData binds a first number only, and none where session_keys are handed to clients: send the code of the phone button (getPhoneNumber) instead."},
		text{"需要手机号 code", "encryptedData 只能绑定首个号码；若向客户端下发 session_key，则不能绑定。请改为发送手机号按钮（getPhoneNumber）返回的 code。"}},
	"avatar_invalid": {
		text{"The picture cannot be used", "Send a JPEG, PNG, WebP or GIF of at most 2 MiB and 4096 pixels a side."},
		text{"图片无法使用", "请上传不超过 2 MiB、每边不超过 4096 像素的 JPEG、PNG、WebP 或 GIF。"}},
	"access_denied": {
		text{"The service client may not do this", "The operator lets a client have access_tokens of its own mini programs in SERVICE_CLIENTS."},
		text{"服务客户端无权执行此操作", "由运维在 SERVICE_CLIENTS 中授权服务客户端获取其小程序的 access_token。"}},
	"rate_limited": {
		text{"Too many requests", "Wait for the time that Retry-After gives, then try again."},
		text{"请求过于频繁", "请等待 Retry-After 指定的时间后重试。"}},
	"platform_unavailable": {
		text{"WeChat cannot be reached", "Wait for the time that Retry-After gives and send the same again; for a login, call wx.login first and send the new code, for WeChat may have seen the old one."},
		text{"暂时无法连接微信服务器", "请等待 Retry-After 指定的时间，再发送同样的请求；如为登录，请先重新调用 wx.login 并发送新的 code，原来的 code 可能已被微信使用。"}},
	"app_misconfigured": {
		text{"The mini program is not set up rightly", "Only the operator can mend this: the service's log names the cause."},
		text{"小程序配置有误", "只有运维能够修复：具体原因见服务日志。"}},
	"token_missing": {
		text{"An access token is needed", "Send the header Authorization: Bearer with the access token of a login."},
		text{"缺少访问令牌", "请在请求头 Authorization: Bearer 中携带登录得到的访问令牌。"}},
	"token_invalid": {
		text{"The access token is not valid", "Refresh it once with the refresh token; if that fails, log in again."},
		text{"访问令牌无效", "请用刷新令牌换取一次新的令牌；如果失败，请重新登录。"}},
	"token_expired": {
		text{"The access token has expired", "Refresh it once with the refresh token; if that fails, log in again."},
		text{"访问令牌已过期", "请用刷新令牌换取一次新的令牌；如果失败，请重新登录。"}},
	"session_revoked": {
		text{"The session has ended", "It was logged out, here or elsewhere, or the account was deleted. Log in again; where the person asked for the deletion, ask first: a login takes it back while that can be done."},
		text{"会话已结束", "该会话已在此处或其他设备上退出，或账号已注销。请重新登录；若用户申请了注销，请先征得其同意：冷静期内登录会恢复账号。"}},
	"refresh_invalid": {
		text{"The refresh token is not valid", "Log in again: call wx.login and send the new code."},
		text{"刷新令牌无效", "请重新登录：调用 wx.login 并发送新的 code。"}},
	"invalid_client": {
		text{"The service client is not known", "Send the id and the secret of a configured service client by HTTP Basic; the operator configures them in SERVICE_CLIENTS."},
		text{"服务客户端认证失败", "请通过 HTTP Basic 发送已配置服务客户端的 id 和密钥；由运维在 SERVICE_CLIENTS 中配置。"}},
	"invalid_grant": {
		text{"The refresh token is not valid", "Log in again: call wx.login and send the new code to /v1/login."},
		text{"刷新令牌无效", "请重新登录：调用 wx.login，并将新的 code 发送至 /v1/login。"}},
	"unsupported_grant_type": {
		text{"This grant is not offered", "Send grant_type=refresh_token; a login goes to /v1/login."},
		text{"不支持该授权类型", "请发送 grant_type=refresh_token；登录请使用 /v1/login。"}},
	"not_found": {
		text{"There is no such thing here", "Compare the address with the API document at /openapi.yaml."},
		text{"资源不存在", "请对照 /openapi.yaml 检查请求地址。"}},
	"method_not_allowed": {
		text{"The method is not allowed here", "Use one of the methods in the Allow header."},
		text{"不支持该请求方法", "请使用 Allow 响应头中列出的方法。"}},
	"payload_too_large": {
		text{"The body is too large", "Send at most 64 KiB, or a picture of at most 2 MiB."},
		text{"请求体过大", "请求体不得超过 64 KiB，图片不得超过 2 MiB。"}},
	"unsupported_media_type": {
		text{"The media type is not supported", "Send JSON with Content-Type: application/json; the endpoints of OAuth take forms, and a picture is sent as multipart/form-data or as what it is."},
		text{"不支持该媒体类型", "请发送 JSON，并设置 Content-Type: application/json；OAuth 端点也接受表单，图片以 multipart/form-data 或图片本身的类型发送。"}},
	"store_unavailable": {
		text{"The database cannot be reached", "Wait for the time that Retry-After gives, then try again; a login needs a new code of wx.login unless it sent an Idempotency-Key."},
		text{"数据库暂时不可用", "请等待 Retry-After 指定的时间后重试；未携带 Idempotency-Key 的登录需要重新调用 wx.login 获取 code。"}},
	"overloaded": {
		text{"The service has too much to do", "Wait for the time that Retry-After gives and send the same again: nothing was done with it, and a code was not used."},
		text{"服务繁忙", "请等待 Retry-After 指定的时间，再发送同样的请求：尚未进行任何处理，code 也没有被使用。"}},
	"shutting_down": {
		text{"The service is stopping", "Another instance takes over; try again."},
		text{"服务正在停止", "其他实例将接管，请重试。"}},
	"internal": {
		text{"Something went wrong", "It is not your fault. Tell the operator the requestId."},
		text{"服务内部错误", "这不是您的问题。请将 requestId 告知运维。"}},
}

// pictureTypeTexts explain unsupported_media_type to who uploads a picture.
var pictureTypeTexts = explanation{
	text{texts["unsupported_media_type"].en.title, "Send a form, multipart/form-data, with the picture in its field file; or the picture itself, as one of " +
		strings.Join(pictureTypes, ", ") + "."},
	text{texts["unsupported_media_type"].zh.title, "请以 multipart/form-data 表单的 file 字段发送图片，或直接发送图片本身，类型为以下之一：" +
		strings.Join(pictureTypes, "、") + "。"},
}

//go:embed problem.html
var problemHTML string

var problemPage = template.Must(template.New("problem").Parse(problemHTML))

// getProblem explains a problem to a person: where its type leads.
func (a *API) getProblem(c echo.Context) error {
	code := c.Param("code")
	t, ok := texts[code]
	if !ok {
		return errNotFound
	}
	h := c.Response().Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	c.Response().WriteHeader(http.StatusOK)
	return problemPage.Execute(c.Response(), map[string]string{
		"Code": code, "Title": t.en.title, "Detail": t.en.detail, "TitleZH": t.zh.title, "DetailZH": t.zh.detail,
	})
}
