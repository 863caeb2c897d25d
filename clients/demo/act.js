const { say } = require('./texts')

/**
 * Does what a tap on a page asks for: one thing at a time, which the page shows by its
 * `busy`. What goes wrong is in its `notice`.
 */
module.exports = async function act (page, name, action) {
  if (page.data.busy) return
  page.setData({ busy: name, notice: '' })
  try {
    await action()
  } catch (error) {
    page.setData({ notice: say(error) })
  }
  page.setData({ busy: '' })
}
