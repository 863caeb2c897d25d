// Only for development without an AppID: WeChat's tool then makes codes that are
// worth nothing, so they are asked of the simulator inside `wxlogin dev`. With an
// AppID of your own leave out this file and what client.js does with it.
const config = require('./config')

// Never where others use the mini program, whatever config.js says.
const on = Boolean(config.simulator) && wx.getAccountInfoSync().miniProgram.envVersion === 'develop'

// Each installation is a person of its own, so that two developers do not share an account.
function person () {
  const name = wx.getStorageSync('simulatedPerson') || 'demo-' + Math.random().toString(36).slice(2, 12)
  wx.setStorageSync('simulatedPerson', name)
  return name
}

const ask = (path) => new Promise((resolve, reject) => wx.request({
  url: config.simulator + path,
  method: 'POST',
  header: { Accept: 'application/json' },
  data: { person: person() },
  success: ({ statusCode, data }) => statusCode === 200 ? resolve(data.code) : reject({ errMsg: 'simulator: ' + statusCode }),
  fail: reject,
}))

// wx, but for login. (Assigning would not do: some members of wx cannot be written.)
const platform = Object.create(wx, {
  login: { value: ({ success, fail }) => { ask('/sim/code').then((code) => success({ code }), fail) } },
})

// The tool gives a tourist's tap no code. Whoever said no is asked for none.
async function tapped (detail) {
  if (detail.code || /deny|cancel/.test(detail.errMsg)) return detail
  const code = await ask('/sim/phonecode').catch(() => undefined)
  return code ? { errMsg: 'getPhoneNumber:ok', code } : detail
}

// client, but for the phone button.
const withPhone = (client) => Object.assign({}, client, {
  bindPhone: async (detail) => client.bindPhone(await tapped(detail)),
})

module.exports = { on, platform, withPhone }
