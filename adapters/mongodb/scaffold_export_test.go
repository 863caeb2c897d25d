package mongodb

import "go.mongodb.org/mongo-driver/v2/mongo"

// DocumentsOf is the collection that u reads.
func DocumentsOf(u *ScaffoldUsers) *mongo.Collection { return u.users }
