// What people are told.

const sentences = {
  // of the SDK
  network_error: '网络连接失败，请检查网络后重试',
  bad_answer: '网络异常，可能需要先登录当前 Wi-Fi',
  wx_login_failed: '微信登录失败，请检查网络后重试',
  logged_out: '你已退出登录',
  left: '账号已注销',
  no_session: '登录已失效，请先登录，再注销',
  phone_refused: '未绑定手机号。没关系，其他功能照常使用',
  // of the service
  session_revoked: '登录已失效，请重新登录',
  refresh_invalid: '登录已失效，请重新登录',
  user_banned: '账号已被封禁，如有疑问请联系客服',
  login_blocked: '微信判定存在风险，已拦截本次登录',
  rate_limited: '操作过于频繁，请稍后再试',
  overloaded: '服务繁忙，请稍后再试',
  platform_unavailable: '暂时无法连接微信，请稍后再试',
  store_unavailable: '服务暂时不可用，请稍后再试',
  shutting_down: '服务正在重启，请稍后再试',
  phone_code_invalid: '手机号授权已失效，请再点一次',
  open_data_stale: '手机号授权已过期，请再点一次',
  phone_code_required: '请升级微信后再绑定手机号',
  avatar_invalid: '这张图片无法使用，请换一张 JPG 或 PNG 图片',
  payload_too_large: '图片太大了，请选择 2 MB 以内的图片',
  unknown_app: '小程序尚未配置，请联系客服',
  app_misconfigured: '小程序配置有误，请联系客服',
}

const fields = {
  nickname: '昵称不可用：请输入 1 至 32 个字，且不能是“微信用户”',
}

/** Says an error of the SDK to a person. */
function say (error) {
  const field = (error.errors || []).find(({ field }) => fields[field])
  if (field) return fields[field.field]
  // For whoever develops: WeChat lets this mini program ask no such address.
  if (error.code === 'network_error' && /domain list/i.test(error.detail)) return '请在开发者工具中关闭域名校验，或在后台添加合法域名'
  const wait = error.retryAfter ? `（${error.retryAfter} 秒后可重试）` : ''
  if (sentences[error.code]) return sentences[error.code] + wait
  const number = error.requestId ? `（编号 ${error.requestId}）` : ''
  return '出错了，请稍后再试' + number
}

const two = (number) => String(number).padStart(2, '0')

/** Writes a time of the service as a date and time of where the phone is. */
function localTime (rfc3339) {
  const time = new Date(rfc3339)
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`
}

module.exports = { say, localTime }
