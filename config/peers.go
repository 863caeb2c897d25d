package config

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"wxlogin/domain"
)

// CloudRun says what WeChat Cloud Run is believed about who a user is.
type CloudRun struct {
	Trust bool
	Peers []netip.Prefix // where its connections come from; not empty where Trust is true
	// UnionIDs says that the unionid which comes with a request is Cloud Run's, and
	// never what a phone put there.
	UnionIDs bool
	Shared   []domain.AppID // the apps besides its owner's that the environment is for; optional
}

func setProxies(c *Config, text string) (err error) {
	c.HTTP.TrustedProxies, err = networks(text, netip.Prefix.Masked)
	return err
}

func setCloudRunPeers(c *Config, text string) error {
	peers, err := networks(text, func(p netip.Prefix) netip.Prefix { return p })
	if err != nil {
		return err
	}
	for _, p := range peers {
		if err := asPeers(p); err != nil {
			return err
		}
	}
	c.HTTP.CloudRun.Peers = peers
	return nil
}

// The networks that are nobody's on the internet, of which all may be peers, and the
// least bits of one elsewhere: of fewer it is no list of peers.
var private = prefixes("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "fc00::/7")

const (
	leastPeerBits4 = 16
	leastPeerBits6 = 32
)

var (
	// Addresses of IPv4 in another form: NAT64, 6to4 and Teredo.
	translated = prefixes("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")

	// Where an address says nothing without the interface that it is on.
	linkLocal = prefixes("fe80::/10")
)

func prefixes(all ...string) []netip.Prefix {
	parsed := make([]netip.Prefix, 0, len(all))
	for _, p := range all {
		parsed = append(parsed, netip.MustParsePrefix(p))
	}
	return parsed
}

// asPeers says why not all that come from p can be Cloud Run's gateway.
func asPeers(p netip.Prefix) error {
	least, addr := leastPeerBits6, p.Addr()
	if addr.Is4() {
		least = leastPeerBits4
	}
	within := func(n netip.Prefix) bool { return n.Contains(addr) && n.Bits() <= p.Bits() }
	switch {
	case addr.Is4In6():
		return errors.New("want an IPv4 network as such, 10.0.0.0/8 and not ::ffff:10.0.0.0/104")
	case p != p.Masked():
		return fmt.Errorf("%v may mean two things: want %v for the network, or %v for the address", p, p.Masked(), netip.PrefixFrom(addr, addr.BitLen()))
	case p.Bits() < least && !slices.ContainsFunc(private, within):
		return fmt.Errorf("%v is a good part of the internet: want the addresses of Cloud Run's gateway, such as 10.0.0.0/8", p)
	case slices.ContainsFunc(translated, p.Overlaps):
		return fmt.Errorf("%v has addresses of IPv4 in another form, and may be all of them: want an IPv4 network as such", p)
	case slices.ContainsFunc(linkLocal, p.Overlaps):
		return fmt.Errorf("%v is link-local, where an address says nothing without its interface: want another of the gateway's", p)
	}
	return nil
}

// networks reads CIDRs that are parted by commas, each in the form that as gives it.
func networks(text string, as func(netip.Prefix) netip.Prefix) (all []netip.Prefix, err error) {
	if text == "" {
		return nil, nil
	}
	for entry := range strings.SplitSeq(text, ",") {
		prefix, err := netip.ParsePrefix(strings.TrimSpace(entry))
		if err != nil {
			return nil, fmt.Errorf("%q is no CIDR, such as 10.0.0.0/8", strings.TrimSpace(entry))
		}
		all = append(all, as(prefix))
	}
	return all, nil
}

func setCloudRunShared(c *Config, text string) (err error) {
	c.HTTP.CloudRun.Shared, err = listed[domain.AppID, domain.AppID]{
		form:  "wxid",
		thing: "an app",
		parse: func(entry string) (domain.AppID, bool) { return domain.AppID(entry), appIDPattern.MatchString(entry) },
		name:  func(id domain.AppID) domain.AppID { return id },
	}.read(text)
	return err
}

// cloudRunTogether checks what no setting of Cloud Run can say alone.
func (c *Config) cloudRunTogether(mode Mode, wrong *faults) {
	run := c.HTTP.CloudRun
	wrong.when(mode != Tool && run.Trust && len(run.Peers) == 0, "CLOUDRUN_PEERS",
		"must be set where CLOUDRUN_TRUST is true: else nobody's word would count", "CLOUDRUN_TRUST")
	i := slices.IndexFunc(run.Shared, func(id domain.AppID) bool { return !c.knows(id) })
	if i >= 0 {
		wrong.when(mode != Tool, "CLOUDRUN_SHARED",
			fmt.Sprintf("names the app %s, which is not in WECHAT_APPS", run.Shared[i]), "WECHAT_APPS")
	}
}
