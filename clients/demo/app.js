const client = require('./client')
const { say } = require('./texts')

App({
  onLaunch () {
    client.onSessionLost((error) => this.lost(error))
    // Early, so that the first page waits less; the page says what goes wrong. Who has
    // logged out or left is not logged in unasked.
    if (client.state() === 'in') client.login().catch(() => {})
  },

  // The session has ended, and no silent login helps: a ban, for example.
  lost (error) {
    if (this.telling) return
    this.telling = true
    wx.showModal({
      title: '登录已失效',
      content: say(error),
      showCancel: false,
      confirmText: '知道了',
      complete: () => { this.telling = false },
    })
  },

  // The account was deleted on another device, and a silent login on this one has
  // taken that back: the person may not want that.
  restored () {
    wx.showModal({
      title: '账号已恢复',
      content: '你在其他设备上注销了账号，而本机的自动登录撤销了注销。仍要注销吗？',
      confirmText: '仍要注销',
      cancelText: '保留账号',
      success: ({ confirm }) => {
        if (!confirm) return
        // Leaving never logs in, and the session may have ended since.
        client.login().then(() => this.leave()).catch(() => { if (client.state() === 'in') this.restored() }) // nothing was done: ask again
      },
    })
  },

  // Deletes the account. Where no answer came it may have been done, and the first page
  // asks again.
  async leave () {
    try {
      await client.leave()
    } finally {
      if (client.state() === 'left') this.home()
    }
  },

  // To the first page, with nothing to go back to: it shows whether one is logged in.
  home () {
    wx.reLaunch({ url: '/pages/index/index' })
  },
})
