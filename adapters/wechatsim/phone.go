package wechatsim

import "strconv"

// phoneNumber is POST /wxa/business/getuserphonenumber. A phone code has a life
// of its own, apart from login codes; that a used one is "invalid", and so is one
// of another openid than the call names, is documented for no code but 40029.
func (s *Simulator) phoneNumber(r request) answer {
	if code := r.phoneRefusal(); code != 0 {
		return failure(code, r.now)
	}
	m, result := s.phones.redeem(r.Code, r.app, r.OpenID, r.now)
	switch result {
	case redeemed:
		person, _ := s.people.portrait(m)
		return success(answer{"phone_info": s.phoneInfo(person, r)})
	case otherApp:
		return failure(appIDInvalid, r.now)
	}
	return failure(codeInvalid, r.now)
}

// phoneRefusal checks the token before it looks at the body.
func (r request) phoneRefusal() errcode {
	switch {
	case r.refused == postRequired:
		return r.refused
	case r.token != 0:
		return r.token
	case r.refused == postEmpty: // as where the code is in the URL
		return codeInvalid
	}
	return r.refused
}

// phoneInfo has countryCode as a number in every other answer: WeChat's sample
// shows a number, its description a string.
func (s *Simulator) phoneInfo(p Person, r request) answer {
	info := p.phone(r.app.ID, r.now)
	if s.phoneAnswers.Add(1)%2 == 0 {
		info["countryCode"], _ = strconv.Atoi(p.CountryCode) // it is digits
	}
	return info
}
