package httpapi

import (
	_ "embed"
	"html/template"
	"net/http"

	"github.com/labstack/echo/v4"
)

// text is what a person is told of a failure: what it is, and what to do next.
type text struct{ title, detail string }

// texts explains every code in both languages; a test holds it complete.
var texts = map[string]struct{ en, zh text }{
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
	"rate_limited": {
		text{"Too many requests", "Wait for the time that Retry-After gives, then try again."},
		text{"请求过于频繁", "请等待 Retry-After 指定的时间后重试。"}},
	"platform_unavailable": {
		text{"WeChat cannot be reached", "Wait a moment, call wx.login again and send the new code."},
		text{"暂时无法连接微信服务器", "请稍候，重新调用 wx.login 并发送新的 code。"}},
	"app_misconfigured": {
		text{"The mini program is not set up rightly", "Only the operator can mend this: the service's log names the cause."},
		text{"小程序配置有误", "只有运维能够修复：具体原因见服务日志。"}},
	"token_missing": {
		text{"An access token is needed", "Send the header Authorization: Bearer with the access token of a login."},
		text{"缺少访问令牌", "请在请求头 Authorization: Bearer 中携带登录得到的访问令牌。"}},
	"token_invalid": {
		text{"The access token is not valid", "Log in again."},
		text{"访问令牌无效", "请重新登录。"}},
	"token_expired": {
		text{"The access token has expired", "Refresh it with the refresh token, or log in again."},
		text{"访问令牌已过期", "请用刷新令牌换取新的令牌，或重新登录。"}},
	"session_revoked": {
		text{"The session has ended", "It was logged out, here or elsewhere. Log in again."},
		text{"会话已结束", "该会话已在此处或其他设备上退出，请重新登录。"}},
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
		text{"The body is too large", "Send at most 64 KiB."},
		text{"请求体过大", "请求体不得超过 64 KiB。"}},
	"unsupported_media_type": {
		text{"The media type is not supported", "Send JSON with Content-Type: application/json; the endpoints of OAuth take forms, too."},
		text{"不支持该媒体类型", "请发送 JSON，并设置 Content-Type: application/json；OAuth 端点也接受表单。"}},
	"store_unavailable": {
		text{"The database cannot be reached", "Wait for the time that Retry-After gives, then try again; a login needs a new code of wx.login unless it sent an Idempotency-Key."},
		text{"数据库暂时不可用", "请等待 Retry-After 指定的时间后重试；未携带 Idempotency-Key 的登录需要重新调用 wx.login 获取 code。"}},
	"overloaded": {
		text{"The service has too much to do", "Wait for the time that Retry-After gives and send the same code again: it was not used."},
		text{"服务繁忙", "请等待 Retry-After 指定的时间，再发送同一个 code：它还没有被使用。"}},
	"shutting_down": {
		text{"The service is stopping", "Another instance takes over; try again."},
		text{"服务正在停止", "其他实例将接管，请重试。"}},
	"internal": {
		text{"Something went wrong", "It is not your fault. Tell the operator the requestId."},
		text{"服务内部错误", "这不是您的问题。请将 requestId 告知运维。"}},
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
