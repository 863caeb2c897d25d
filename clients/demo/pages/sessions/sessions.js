const act = require('../../act')
const client = require('../../client')
const { say, localTime } = require('../../texts')

Page({
  data: {
    view: 'loading', // loading, list, failed
    sessions: [],
    notice: '',
    busy: '', // the session that is being ended, or everywhere
  },

  onLoad () {
    return this.load()
  },

  async onPullDownRefresh () {
    await this.load()
    wx.stopPullDownRefresh()
  },

  async load () {
    if (this.data.view === 'failed') this.setData({ view: 'loading' })
    try {
      const sessions = await client.sessions()
      this.setData({
        view: 'list',
        notice: '',
        sessions: sessions.map(({ id, current, device = {}, createdAt }) => ({
          id,
          current,
          device: device.name || device.platform || '未知设备',
          since: localTime(createdAt),
        })),
      })
    } catch (error) {
      this.setData({ view: this.data.view === 'list' ? 'list' : 'failed', notice: say(error) })
    }
  },

  onEnd ({ currentTarget: { dataset: { id, device } } }) {
    wx.showModal({
      title: '退出设备',
      content: `“${device}”将被退出登录。`,
      confirmText: '退出',
      success: ({ confirm }) => {
        if (!confirm) return
        act(this, id, async () => {
          await client.endSession(id).catch((error) => {
            if (error.code !== 'not_found') throw error // it has ended already
          })
          await this.load()
        })
      },
    })
  },

  onEverywhere () {
    wx.showModal({
      title: '退出所有设备',
      content: '包括本机在内，所有设备都将退出登录。',
      confirmText: '全部退出',
      success: ({ confirm }) => {
        if (!confirm) return
        act(this, 'everywhere', async () => {
          await client.logoutEverywhere()
          getApp().home()
        })
      },
    })
  },
})
