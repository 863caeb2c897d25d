// Where things are. These two are what `wxlogin dev` listens on.
module.exports = {
  // wxlogin. For a real AppID: https, and on the console's lists of domains for
  // request and for uploadFile.
  baseURL: 'http://127.0.0.1:8080',

  // The simulator that stands in for WeChat while there is no AppID. Make this ''
  // as soon as you have one. See simulator.js: a trial or released version ignores it.
  simulator: 'http://127.0.0.1:8081',
}
