package config

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
)

// CloudRun says whether WeChat Cloud Run is believed about who a user is.
type CloudRun struct {
	Trust bool
	Peers []netip.Prefix // where its connections come from; not empty where Trust is true
}

func setProxies(c *Config, text string) (err error) {
	c.HTTP.TrustedProxies, err = networks(text)
	return err
}

// A network of fewer bits is no list of peers: it is a good part of the internet.
const leastPeerBits = 8

func setCloudRunPeers(c *Config, text string) error {
	peers, err := networks(text)
	if err != nil {
		return err
	}
	for _, p := range peers {
		switch {
		case p.Addr().Is4In6():
			return errors.New("want an IPv4 network as such, 10.0.0.0/8 and not ::ffff:10.0.0.0/104")
		case p.Bits() < leastPeerBits:
			return fmt.Errorf("%v is a good part of the internet: want the addresses of Cloud Run's gateway, such as 10.0.0.0/8", p)
		}
	}
	c.HTTP.CloudRun.Peers = peers
	return nil
}

// networks reads CIDRs that are parted by commas.
func networks(text string) (all []netip.Prefix, err error) {
	if text == "" {
		return nil, nil
	}
	for entry := range strings.SplitSeq(text, ",") {
		prefix, err := netip.ParsePrefix(strings.TrimSpace(entry))
		if err != nil {
			return nil, fmt.Errorf("%q is no CIDR, such as 10.0.0.0/8", strings.TrimSpace(entry))
		}
		all = append(all, prefix.Masked())
	}
	return all, nil
}
