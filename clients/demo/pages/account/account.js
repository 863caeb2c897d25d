const act = require('../../act')
const client = require('../../client')

Page({
  data: {
    notice: '',
    busy: '', // logout, leave
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
      success: ({ confirm }) => { if (confirm) act(this, 'leave', () => getApp().leave()) },
    })
  },
})
