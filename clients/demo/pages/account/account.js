const act = require('../../act')
const client = require('../../client')

Page({
  data: {
    notice: '',
    busy: '', // logout, leave, login
    ended: false, // leaving needs a login first
  },

  onLogout () {
    return act(this, 'logout', async () => {
      await client.logout()
      getApp().home()
    })
  },

  onLeave () {
    wx.showModal({
      title: '注销账号',
      content: '账号将从所有设备退出，数据在冷静期后删除。确定注销吗？',
      confirmText: '注销',
      success: ({ confirm }) => { if (confirm) act(this, 'leave', () => this.leave()) },
    })
  },

  // Leaving never logs in. Where the session has ended elsewhere nothing is deleted.
  async leave () {
    try {
      await getApp().leave()
    } catch (error) {
      if (error.code === 'no_session') this.setData({ ended: true })
      throw error
    }
  },

  // A login that brings back an account asks by itself whether that was meant.
  onLogin () {
    return act(this, 'login', async () => {
      const { restored } = await client.login()
      this.setData({ ended: false })
      if (!restored) this.onLeave()
    })
  },
})
