const act = require('../../act')
const client = require('../../client')
const { say, localTime } = require('../../texts')

Page({
  data: {
    view: 'loading', // loading, in, out, left, failed
    user: {},
    nickname: '', // as in the input
    notice: '', // what went wrong
    busy: '', // what is being done: login, avatar, nickname, phone
    deletionAt: '', // '' is unknown
    gone: false, // deletionAt is past
  },

  // Choosing a picture hides the page, so this may come while the picture is uploaded.
  onShow () {
    return this.refresh()
  },

  async refresh () {
    if (client.state() === 'out') return this.setData({ view: 'out', notice: '' })
    if (client.state() === 'left') return this.showLeft()
    const known = client.user()
    if (known) this.show(known)
    else this.setData({ view: 'loading' })
    this.setData({ notice: '' })
    const shown = this.data.user
    try {
      const user = await client.me() // logs in where that is needed
      if (this.data.user === shown) this.show(user) // what was shown meanwhile is newer
      await client.prepare() // for the phone button, before it is tapped
    } catch (error) {
      if (client.state() !== 'in') return this.refresh()
      // Where the user is known the page is of use, unless the session or the person is refused.
      const refused = error.statusCode === 403 || ['session_revoked', 'refresh_invalid'].includes(error.code)
      const usable = client.user() && !refused
      this.setData({ view: usable ? 'in' : 'failed', notice: say(error) })
    }
  },

  show (user) {
    const { id, nickname = '', avatarUrl = '', phone = '' } = user
    const changes = { view: 'in', user: { id, nickname, avatarUrl, phone } }
    // What is being typed stays, unless there is another name.
    if (nickname !== this.data.user.nickname) changes.nickname = nickname
    this.setData(changes)
  },

  // leave() a second time says when the data goes. It sends nothing, unless the answer
  // to the first was lost.
  async showLeft () {
    this.setData({ view: 'left', notice: '', deletionAt: '', gone: false })
    try {
      const at = await client.leave()
      if (at) this.setData({ deletionAt: localTime(at), gone: new Date(at) < new Date() })
    } catch (error) {
      if (client.state() !== 'left') return this.refresh() // it was not done
      this.setData({ notice: say(error) })
    }
  },

  // login() logs in who has logged out, or was refused; me() asks where there is a session.
  onLogin () {
    return act(this, 'login', async () => {
      await client.login()
      this.show(await client.me())
      await client.prepare()
    })
  },

  onComeBack () {
    const comeBack = () => act(this, 'login', async () => {
      const { user } = await client.comeBack()
      this.show(user)
      await client.prepare()
    })
    if (this.data.gone) return comeBack()
    wx.showModal({
      title: '恢复账号',
      content: '恢复后，账号和数据将不会被删除。',
      confirmText: '恢复',
      success: ({ confirm }) => { if (confirm) comeBack() },
    })
  },

  // No event comes where the person closes the choice, or WeChat refuses the picture.
  onAvatar ({ detail }) {
    return act(this, 'avatar', async () => this.show(await client.uploadAvatar(detail.avatarUrl)))
  },

  onNickname ({ detail }) {
    const nickname = detail.value.nickname.trim()
    this.setData({ nickname }) // so that it stays where it is refused
    if (!nickname) return this.setData({ notice: '请输入昵称。若刚才输入过，可能未通过微信的审核，请换一个' })
    return act(this, 'nickname', async () => {
      this.show(await client.updateProfile({ nickname }))
      wx.showToast({ title: '已保存' })
    })
  },

  onPhone ({ detail }) {
    return act(this, 'phone', async () => this.show(await client.bindPhone(detail)))
  },

  onRemovePhone () {
    wx.showModal({
      title: '解绑手机号',
      content: `确定解绑 ${this.data.user.phone} 吗？`,
      confirmText: '解绑',
      success: ({ confirm }) => {
        if (confirm) act(this, 'phone', async () => this.show(await client.removePhone()))
      },
    })
  },
})
