package wechatapi

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"wxlogin/domain"
)

// phoneInfo is a phone number as WeChat tells it, in answers and in open data.
type phoneInfo struct {
	Pure      string      `json:"purePhoneNumber"` // without the country code
	Country   countryCode `json:"countryCode"`
	Watermark watermark   `json:"watermark"`
}

// countryCode comes as a string, or as a number in some of Tencent's samples.
type countryCode string

// UnmarshalJSON implements json.Unmarshaler.
func (c *countryCode) UnmarshalJSON(text []byte) error {
	var quoted string
	if text[0] != '"' {
		*c = countryCode(text) // of what is no number, number makes nothing
		return nil
	}
	err := json.Unmarshal(text, &quoted)
	*c = countryCode(quoted)
	return err
}

// mostDigits bounds what is looked at. E.164 has 15.
const mostDigits = 20

// number returns the number in the form of the domain, if it is one. It has to be as
// long as the country's are, no more: new ranges come up faster than anybody's list
// of them. What the library takes for a prefix to be left out when calling from
// abroad is left out only where the rest is on the list.
func (i phoneInfo) number() (domain.PhoneNumber, bool) {
	all := string(i.Country) + i.Pure
	if !digits(string(i.Country)) || !digits(i.Pure) {
		return domain.PhoneNumber{}, false
	}
	parsed, err := phonenumbers.Parse("+"+all, "")
	if err != nil || phonenumbers.IsPossibleNumberWithReason(parsed) != phonenumbers.IS_POSSIBLE {
		return domain.PhoneNumber{}, false
	}
	country := strconv.Itoa(int(parsed.GetCountryCode()))
	national := phonenumbers.GetNationalSignificantNumber(parsed)
	if !strings.HasPrefix(string(i.Country), country) || (country+national != all && !phonenumbers.IsValidNumber(parsed)) {
		return domain.PhoneNumber{}, false
	}
	return domain.ParsePhoneNumber("+" + country + " " + national)
}

// digits reports whether text is nothing but digits, and few enough to look at.
func digits(text string) bool {
	return text != "" && len(text) <= mostDigits && strings.Trim(text, "0123456789") == ""
}
