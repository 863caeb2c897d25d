package domain_test

import (
	"testing"

	"pgregory.net/rapid"

	"wxlogin/domain"
)

func TestIdentityKnowsWhoItMadeWhereverItGoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := stored("born", "wx1", dawn)
		u.Link.Decided, u.Link.Apart = "u1", rapid.Bool().Draw(t, "apart")
		for _, id := range rapid.SliceOfN(rapid.SampledFrom([]domain.UserID{"born", "id1", "id2"}), 1, 6).Draw(t, "moves") {
			link := u.Assigned(id)
			if link.Decided != u.Link.Decided || link.Apart != u.Link.Apart || !link.Several {
				t.Fatalf("got %+v, want all but its origin kept, and others expected", link)
			}
			u.Link, u.ID = link, id
			if u.Original() != "born" || (u.Link.BornAs == "") != (id == "born") {
				t.Fatalf("at %s: got %+v, want it born as born", id, u.Link)
			}
		}
	})
}

func TestUnionIDIsDecidedOnce(t *testing.T) {
	tests := []struct {
		name  string
		union domain.UnionID
		link  domain.Link
		want  bool
	}{
		{"WeChat names none", "", domain.Link{}, false},
		{"none any more", "", domain.Link{Decided: "u1"}, false},
		{"a first one", "u1", domain.Link{}, true},
		{"the same", "u1", domain.Link{Decided: "u1"}, false},
		{"another", "u2", domain.Link{Decided: "u1"}, true},
		{"taken apart", "u1", domain.Link{Apart: true}, false},
		{"another, taken apart", "u2", domain.Link{Apart: true, Decided: "u1"}, false},
	}
	for _, tt := range tests {
		u := domain.WeChatUser{Identity: domain.WeChatIdentity{UnionID: tt.union}, Link: tt.link}
		if got := u.Undecided(); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestTwoPhoneNumbersAreTwoPeople(t *testing.T) {
	with := func(text string, index domain.PhoneIndex) domain.WeChatUser {
		return domain.WeChatUser{Phone: domain.SealedPhone{Text: text, Index: index}}
	}
	tests := []struct {
		name string
		a, b domain.WeChatUser
		want bool
	}{
		{"no numbers", with("", ""), with("", ""), true},
		{"one number", with("sealed", "i1"), with("", ""), true},
		{"the same", with("sealed", "i1"), with("sealed otherwise", "i1"), true},
		{"two numbers", with("sealed", "i1"), with("sealed", "i2"), false},
	}
	for _, tt := range tests {
		if tt.a.Joins(tt.b) != tt.want || tt.b.Joins(tt.a) != tt.want {
			t.Errorf("%s: got %v and %v, want %v both ways", tt.name, tt.a.Joins(tt.b), tt.b.Joins(tt.a), tt.want)
		}
	}
}

func TestOfTwoUsersOneKeepsTheID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.Permutation([]domain.UserID{"id1", "id2", "id3"}).Draw(t, "ids")
		drawn := func(i int) domain.WeChatUser {
			return domain.WeChatUser{ID: ids[i], CreatedAt: at(t, "age"), FirstLoginAt: at(t, "first login")}
		}
		a, b, c := drawn(0), drawn(1), drawn(2)
		if a.Before(b) == b.Before(a) || a.Before(a) {
			t.Fatalf("got %+v and %+v both before the other, or neither", a, b)
		}
		if a.Before(b) && b.Before(c) && !a.Before(c) {
			t.Fatalf("got %+v before %+v before %+v, and not the first before the last", a, b, c)
		}
		if !a.FirstLoginAt.IsZero() && (b.FirstLoginAt.IsZero() || a.FirstLoginAt.Before(b.FirstLoginAt)) && !a.Before(b) {
			t.Fatalf("got %+v not before %+v, want who logged in first to be, whatever their age", a, b)
		}
	})
}
