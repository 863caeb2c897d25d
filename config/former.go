package config

import "wxlogin/domain"

// Former is another service whose users are imported. It is no part of Config: who
// imports says so on the command line.
type Former struct {
	// URI is where the service's database is, with the database's name: mongodb://…
	// for the koa scaffold's, mysql://… for wafer2's.
	URI domain.Secret
}
