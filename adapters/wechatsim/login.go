package wechatsim

// codeToSession is GET /sns/jscode2session. The order of its checks is the one
// that developers report.
func (s *Simulator) codeToSession(r request) answer {
	if code := r.credentials("authorization_code"); code != 0 {
		return failure(code, r.now)
	}
	if r.Code == "" {
		return failure(codeMissing, r.now)
	}
	m, result := s.logins.redeem(r.Code, r.app, "", r.now)
	switch result {
	case redeemed:
		return s.session(m)
	case usedCode:
		return failure(codeUsed, r.now)
	}
	return failure(codeInvalid, r.now)
}

// session has no errcode and, without an account, no unionid: both are absent,
// not empty. The key is the present one, whichever was so when the code was made.
func (s *Simulator) session(m *member) answer {
	a := answer{"openid": m.openID, "session_key": s.people.keyOf(m)}
	if union := s.people.unionOf(m); union != "" {
		a["unionid"] = union
	}
	return a
}

// credentials checks what every call with the AppSecret carries.
func (r request) credentials(grantType string) errcode {
	switch {
	case r.AppID == "":
		return appIDMissing
	case r.app == nil:
		return appIDInvalid
	case r.Secret == "":
		return secretMissing
	case r.Secret != r.app.Secret:
		return secretInvalid
	case r.GrantType != grantType:
		return grantTypeInvalid
	}
	return 0
}

// token is GET /cgi-bin/token.
func (s *Simulator) token(r request) answer {
	if code := r.credentials("client_credential"); code != 0 {
		return failure(code, r.now)
	}
	return r.granted(r.app.tokens.issueClassic(r.now))
}

// stableToken is POST /cgi-bin/stable_token.
func (s *Simulator) stableToken(r request) answer {
	if r.refused != 0 {
		return failure(r.refused, r.now)
	}
	if code := r.credentials("client_credential"); code != 0 {
		return failure(code, r.now)
	}
	t, ok := r.app.tokens.issueStable(r.ForceRefresh, r.now)
	if !ok {
		return failure(dailyQuota, r.now)
	}
	return r.granted(t)
}

// granted rounds down: a token is never promised for longer than it lives.
func (r request) granted(t accessToken) answer {
	return answer{"access_token": t.text, "expires_in": int(t.expires.Sub(r.now).Seconds())}
}
