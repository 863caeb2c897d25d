// The one client of wxlogin in this mini program. Everything about sessions is in
// it: no page ever sees a token.
const { createClient } = require('./wxlogin/index')
const config = require('./config')
const simulator = require('./simulator')

// wxlogin dev knows one mini program, the simulator's; a tourist's AppID is nobody's.
const appId = simulator.on ? undefined : wx.getAccountInfoSync().miniProgram.appId

const client = createClient({
  baseURL: config.baseURL,
  appId,
  platform: simulator.on ? simulator.platform : wx,
  onRestored: () => getApp().restored(),
})

module.exports = simulator.on ? simulator.withPhone(client) : client
