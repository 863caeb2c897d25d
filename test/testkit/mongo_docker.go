package testkit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path"
	"strings"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"
	"github.com/testcontainers/testcontainers-go/wait"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

const (
	mongoPort    = "27017/tcp"
	dockerAnswer = time.Second     // by when an engine that is there has answered
	dockerPull   = 5 * time.Minute // by when an image has been fetched
	dockerStart  = time.Minute     // by when a container serves
)

// mongoReady is what MongoDB and the stand-in log when they serve.
const mongoReady = `(?i)listening mongodb://|waiting for connections`

// startMongoContainer runs image and returns when it serves. It fails within
// about a second where there is no Docker.
func startMongoContainer(image string) (*mongoServer, error) {
	if err := ensureImage(image); err != nil {
		return nil, err
	}
	quietTestcontainers()
	set := replicaSet(image)
	ctx, cancel := context.WithTimeout(context.Background(), dockerStart)
	defer cancel()
	running, err := testcontainers.Run(ctx, image, containerOptions(set)...)
	stop := func() { _ = testcontainers.TerminateContainer(running) }
	if err != nil {
		stop()
		return nil, err
	}
	address, err := running.PortEndpoint(ctx, mongoPort, "mongodb")
	if err != nil {
		stop()
		return nil, err
	}
	uri := address + "/?directConnection=true"
	if err := withClient(uri, func(ctx context.Context, c *mongo.Client) error { return initiate(ctx, c, set) }); err != nil {
		stop()
		return nil, err
	}
	return &mongoServer{uri: uri, kind: "a container of " + image, stop: stop}, nil
}

// ensureImage returns nil if Docker answers and has the image, now at the latest.
// testcontainers would go on trying to fetch it for a quarter of an hour.
func ensureImage(image string) error {
	docker, err := client.New(client.FromEnv)
	if err != nil {
		return err
	}
	defer func() { _ = docker.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), dockerAnswer)
	defer cancel()
	if _, err := docker.Ping(ctx, client.PingOptions{}); err != nil {
		return err
	}
	if _, err := docker.ImageInspect(ctx, image); err == nil {
		return nil
	}
	ctx, cancel = context.WithTimeout(context.Background(), dockerPull)
	defer cancel()
	pull, err := docker.ImagePull(ctx, image, client.ImagePullOptions{})
	if err != nil {
		return err
	}
	return pull.Wait(ctx)
}

// quietTestcontainers makes testcontainers need no image but the one to be
// tested, and an engine on this machine be reached on its loopback.
func quietTestcontainers() {
	log.SetDefault(log.NewNoopLogger())
	setDefault("TESTCONTAINERS_RYUK_DISABLED", "true")
	if host := os.Getenv("DOCKER_HOST"); host == "" || strings.HasPrefix(host, "unix://") {
		setDefault("TESTCONTAINERS_HOST_OVERRIDE", "127.0.0.1")
	}
}

func setDefault(key, value string) {
	if _, set := os.LookupEnv(key); !set {
		_ = os.Setenv(key, value)
	}
}

// replicaSet names the replica set that image is to be, if any. The stand-in
// knows none, so only MongoDB's own image is one without being asked.
func replicaSet(image string) string {
	if name, set := os.LookupEnv("TEST_MONGODB_REPLSET"); set {
		return name
	}
	repository, _, _ := strings.Cut(path.Base(image), ":")
	if repository == "mongo" {
		return "rs0"
	}
	return ""
}

func containerOptions(set string) []testcontainers.ContainerCustomizer {
	all := []testcontainers.ContainerCustomizer{
		testcontainers.WithExposedPorts(mongoPort),
		testcontainers.WithHostConfigModifier(onLoopback),
		testcontainers.WithWaitStrategyAndDeadline(dockerStart, wait.ForLog(mongoReady).AsRegexp()),
	}
	if set != "" {
		all = append(all, testcontainers.WithCmd("--replSet", set))
	}
	return all
}

func onLoopback(c *container.HostConfig) {
	loopback := network.PortBinding{HostIP: netip.AddrFrom4([4]byte{127, 0, 0, 1})}
	c.PortBindings = network.PortMap{network.MustParsePort(mongoPort): {loopback}}
}

// initiate returns when the server accepts writes, having made it the only
// member of the set if there is to be one.
func initiate(ctx context.Context, c *mongo.Client, set string) error {
	if set == "" {
		return c.Ping(ctx, nil)
	}
	member := bson.D{{Key: "_id", Value: 0}, {Key: "host", Value: "127.0.0.1:27017"}}
	config := bson.D{{Key: "_id", Value: set}, {Key: "members", Value: bson.A{member}}}
	admin := c.Database("admin")
	if err := admin.RunCommand(ctx, bson.D{{Key: "replSetInitiate", Value: config}}).Err(); err != nil {
		return fmt.Errorf("initiate replica set %s: %w", set, err)
	}
	for {
		var hello struct {
			Primary bool `bson:"isWritablePrimary"`
		}
		err := admin.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello)
		if err == nil && hello.Primary {
			return nil
		}
		select {
		case <-ctx.Done():
			return cmp.Or(err, errors.New("the replica set elects no primary"))
		case <-time.After(50 * time.Millisecond):
		}
	}
}
