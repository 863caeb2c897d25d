// The three platforms, as their own types describe them, fit where the SDK takes one.
import Taro from '@tarojs/taro'
import { createClient, type PhoneDetail, type Platform } from '../../miniprogram_dist'

const baseURL = 'https://login.example.com'

export const platforms: Platform[] = [wx, uni, Taro]
export const clients = [
  createClient({ baseURL }),
  createClient({ baseURL, platform: wx }),
  createClient({ baseURL, platform: uni }),
  createClient({ baseURL, platform: Taro }),
]

// They are not any, which would fit everywhere.
// @ts-expect-error
export const number1: number = wx
// @ts-expect-error
export const number2: number = uni
// @ts-expect-error
export const number3: number = Taro

// What the phone button gives.
export const detail = (event: WechatMiniprogram.ButtonGetPhoneNumber): PhoneDetail => event.detail

Page({
  onPhone (event: WechatMiniprogram.ButtonGetPhoneNumber) {
    return clients[0]!.bindPhone(event.detail).then((user) => user.phone)
  },
})
