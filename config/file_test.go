package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"wxlogin/config"
)

func TestSettingIsReadFromAFile(t *testing.T) {
	dir := t.TempDir()
	file := func(content string) string {
		path := filepath.Join(dir, fmt.Sprintf("%x", content))
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatalf("WriteFile: got %v, want no error", err)
		}
		return path
	}
	const apps = "wx1:s1"
	tests := []struct {
		name    string
		give    map[string]string
		wantErr string
	}{
		{"in place of the variable", map[string]string{"WECHAT_APPS_FILE": file(apps)}, ""},
		{"blanks and line ends around", map[string]string{"WECHAT_APPS_FILE": file(" \t" + apps + "\r\n")}, ""},
		{"an empty variable beside it", map[string]string{"WECHAT_APPS": " ", "WECHAT_APPS_FILE": file(apps)}, ""},
		{"an empty file variable beside the value", map[string]string{"WECHAT_APPS": apps, "WECHAT_APPS_FILE": ""}, ""},
		{"both", map[string]string{"WECHAT_APPS": apps, "WECHAT_APPS_FILE": file(apps)}, "WECHAT_APPS: WECHAT_APPS_FILE is set too"},
		{"no such file", map[string]string{"WECHAT_APPS_FILE": dir + "/none"}, "WECHAT_APPS: WECHAT_APPS_FILE cannot be read: no such file or directory"},
		{"a directory", map[string]string{"WECHAT_APPS_FILE": dir}, "WECHAT_APPS: WECHAT_APPS_FILE cannot be read: is a directory"},
		{"an empty file", map[string]string{"WECHAT_APPS_FILE": file(" \n")}, "WECHAT_APPS: WECHAT_APPS_FILE names an empty file"},
		{"the secret itself for a path", map[string]string{"WECHAT_APPS_FILE": "wx1:hush-hush"}, "WECHAT_APPS: WECHAT_APPS_FILE cannot be read: no such file or directory"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := config.Load(config.Serve, env(tt.give))
			if tt.wantErr != "" {
				if fmt.Sprint(err) != tt.wantErr {
					t.Errorf("got error %q, want %q", err, tt.wantErr)
				}
				return
			}
			if err != nil || len(got.WeChat.Apps) != 1 || got.WeChat.Apps[0].Secret.Reveal() != "s1" {
				t.Errorf("got %+v and %v, want wx1 with its secret", got.WeChat.Apps, err)
			}
		})
	}
}

func TestEverySettingCanComeFromAFile(t *testing.T) {
	for _, s := range config.Settings() {
		_, err := config.Load(config.Tool, env(map[string]string{s.Name + "_FILE": t.TempDir()}))
		if want := s.Name + ": " + s.Name + "_FILE cannot be read: is a directory"; fmt.Sprint(err) != want {
			t.Errorf("got %q, want %q", err, want)
		}
	}
}
