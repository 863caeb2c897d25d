package contract

import (
	"bytes"
	"errors"
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
)

func deleteIsOfOne(t *testing.T, store ports.AvatarStore) {
	for n := range 5 {
		put(t, store, avatar("u1", n), picture(300_000*(n&1)+10, byte(n)))
	}
	for _, n := range []int{2, 3} {
		discard(t, store, avatar("u1", n))
		wantNoPicture(t, store, avatar("u1", n))
	}
	for _, n := range []int{0, 1, 4} {
		wantPicture(t, store, avatar("u1", n), picture(300_000*(n&1)+10, byte(n)))
	}
}

func deleteAll(t *testing.T, store ports.AvatarStore) {
	for n := range 3 {
		put(t, store, avatar("u1", n), picture(10, byte(n)))
	}
	discardAll(t, store, "u1")
	for n := range 3 {
		wantNoPicture(t, store, avatar("u1", n))
	}
}

func deleteAllOfOthers(t *testing.T, store ports.AvatarStore) {
	for n := range 20 {
		put(t, store, avatar(domain.UserID('a'+rune(n)), 1), picture(10, byte(n)))
	}
	discardAll(t, store, "a")
	discardAll(t, store, "b")
	wantNoPicture(t, store, avatar("a", 1))
	wantNoPicture(t, store, avatar("b", 1))
	for n := 2; n < 20; n++ {
		wantPicture(t, store, avatar(domain.UserID('a'+rune(n)), 1), picture(10, byte(n)))
	}
}

func deleteNothing(t *testing.T, store ports.AvatarStore) {
	discardAll(t, store, "u1")
	discard(t, store, avatar("u1", 1))
	put(t, store, avatar("u1", 1), picture(10, 1))
	for range 2 {
		discard(t, store, avatar("u1", 2))
		discardAll(t, store, "u2")
	}
	wantPicture(t, store, avatar("u1", 1), picture(10, 1))
	for range 2 {
		discard(t, store, avatar("u1", 1))
		discardAll(t, store, "u1")
	}
	wantNoPicture(t, store, avatar("u1", 1))
}

func putAfterDelete(t *testing.T, store ports.AvatarStore) {
	for _, del := range []func(){func() { discard(t, store, avatar("u1", 1)) }, func() { discardAll(t, store, "u1") }} {
		put(t, store, avatar("u1", 1), picture(10, 1))
		del()
		put(t, store, avatar("u1", 1), picture(10, 1))
		wantPicture(t, store, avatar("u1", 1), picture(10, 1))
	}
}

func parallelPuts(t *testing.T, store ports.AvatarStore) {
	const users, each = 10, 4
	name := func(i int) domain.AvatarName { return avatar(domain.UserID('a'+rune(i%users)), i/users) }
	atOnce(users*each, func(i int) {
		if err := store.Put(t.Context(), name(i), picture(1000+i, byte(i))); err != nil {
			t.Errorf("Put: got %v, want no error", err)
		}
	})
	for i := range users * each {
		wantPicture(t, store, name(i), picture(1000+i, byte(i)))
	}
}

func parallelPutsOfOne(t *testing.T, store ports.AvatarStore) {
	atOnce(10, func(int) {
		if err := store.Put(t.Context(), avatar("u1", 1), picture(300_000, 1)); err != nil {
			t.Errorf("Put: got %v, want no error", err)
		}
		wantPicture(t, store, avatar("u1", 1), picture(300_000, 1))
	})
}

func parallelDeletes(t *testing.T, store ports.AvatarStore) {
	keep := avatar("u1", 0)
	put(t, store, keep, picture(1000, 0))
	atOnce(20, func(i int) {
		name := avatar("u1", 1+i/2)
		if i%2 == 0 {
			discard(t, store, name)
			return
		}
		put(t, store, name, picture(1000, byte(i)))
		wantPicture(t, store, keep, picture(1000, 0))
	})
	for i := range 10 {
		discard(t, store, avatar("u1", 1+i))
		wantNoPicture(t, store, avatar("u1", 1+i))
	}
	wantPicture(t, store, keep, picture(1000, 0))
}

func parallelGets(t *testing.T, store ports.AvatarStore) {
	name, file := avatar("u1", 1), picture(600_000, 1)
	put(t, store, name, file)
	atOnce(6, func(i int) {
		if i == 3 {
			discard(t, store, name)
			return
		}
		got, err := store.Get(t.Context(), name)
		if !bytes.Equal(got, file) && !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("Get: got %d bytes and error %v, want all or %v", len(got), err, domain.ErrNotFound)
		}
	})
	wantNoPicture(t, store, name)
}

func putIsRefusedOrDone(t *testing.T, store ports.AvatarStore) {
	name, file := avatar("u1", 1), picture(300_000, 1)
	err := store.Put(over(t), name, file)
	wantRefused(t, "Put", err)
	if err != nil {
		put(t, store, name, file)
	}
	wantPicture(t, store, name, file)
}

func deleteIsRefusedOrDone(t *testing.T, store ports.AvatarStore) {
	name, file := avatar("u1", 1), picture(1000, 1)
	for what, del := range map[string]func() error{
		"Delete":    func() error { return store.Delete(over(t), name) },
		"DeleteAll": func() error { return store.DeleteAll(over(t), name.Owner()) },
	} {
		put(t, store, name, file)
		err := del()
		wantRefused(t, what, err)
		if err == nil {
			wantNoPicture(t, store, name)
		}
	}
	discardAll(t, store, "u1")
	wantNoPicture(t, store, name)
}

func getIsRight(t *testing.T, store ports.AvatarStore) {
	name, file := avatar("u1", 1), picture(1000, 1)
	put(t, store, name, file)
	got, err := store.Get(over(t), name)
	wantRefused(t, "Get", err)
	if err == nil && !bytes.Equal(got, file) {
		t.Errorf("Get: got %d bytes, want what was put", len(got))
	}
}
