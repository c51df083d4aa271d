// A discovery handler for Petiole, and for Akri, whose protocol it speaks: finds the machines of a list on which a TCP
// port answers.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"go.yaml.in/yaml/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	pb "petiole.dev/samples/go-handler/discovery"
)

const (
	handlerName = "tcp"
	schema      = `{
  "type": "object",
  "additionalProperties": false,
  "required": ["addresses"],
  "properties": {
    "addresses": {
      "type": "array",
      "items": {"type": "string"},
      "description": "Machines to look for, as host:port"
    },
    "everySeconds": {"type": "integer", "minimum": 1, "default": 5}
  }
}`
)

// What a Configuration says in discoveryDetails.
type details struct {
	Addresses    []string `yaml:"addresses"`
	EverySeconds int      `yaml:"everySeconds"`
}

type handler struct {
	pb.UnimplementedDiscoveryHandlerServer
	asked chan struct{}
}

// Discover streams the full list of devices, now and whenever it has changed, until the caller ends the call.
func (h *handler) Discover(request *pb.DiscoverRequest, stream grpc.ServerStreamingServer[pb.DiscoverResponse]) error {
	wanted := details{EverySeconds: 5}
	if err := yaml.Unmarshal([]byte(request.DiscoveryDetails), &wanted); err != nil {
		return status.Errorf(codes.InvalidArgument, "discoveryDetails: %v", err)
	}
	if len(wanted.Addresses) == 0 || wanted.EverySeconds < 1 {
		return status.Error(codes.InvalidArgument, "discoveryDetails.addresses: missing (expected: a list of host:port)")
	}
	every := time.NewTicker(time.Duration(wanted.EverySeconds) * time.Second)
	defer every.Stop()
	// Addresses that are not for everybody's eyes. Kept in a Secret, they come with the next call once they change.
	addresses := append(wanted.Addresses, strings.Fields(string(request.DiscoveryProperties["addresses"].GetVec()))...)
	told := "nothing yet"
	for {
		devices := look(stream.Context(), addresses)
		if now := fmt.Sprint(devices); now != told {
			if err := stream.Send(&pb.DiscoverResponse{Devices: devices}); err != nil {
				return err
			}
			told = now
		}
		select {
		case <-every.C:
		case <-stream.Context().Done():
			// The agent is gone, or the Configuration: the former would have forgotten us.
			select {
			case h.asked <- struct{}{}:
			default:
			}
			return nil
		}
	}
}

// look returns those that answer, in the order of the list.
func look(ctx context.Context, addresses []string) []*pb.Device {
	answers := make([]bool, len(addresses))
	var all sync.WaitGroup
	for i, address := range addresses {
		all.Go(func() {
			dialer := net.Dialer{Timeout: 2 * time.Second}
			if connection, err := dialer.DialContext(ctx, "tcp", address); err == nil {
				connection.Close()
				answers[i] = true
			}
		})
	}
	all.Wait()
	var devices []*pb.Device
	for i, address := range addresses {
		if answers[i] {
			devices = append(devices, &pb.Device{
				// What makes it this device and no other: its name comes from it.
				Id: address,
				// The environment of every container that is given the device.
				Properties: map[string]string{"TCP_ADDRESS": address},
			})
		}
	}
	return devices
}

// register makes the handler known to the agent, again and again until it is heard.
func register(ctx context.Context, socket string, request *pb.RegisterDiscoveryHandlerRequest) error {
	connection, err := grpc.NewClient("unix:"+socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	for {
		_, err := pb.NewRegistrationClient(connection).RegisterDiscoveryHandler(ctx, request)
		switch status.Code(err) {
		case codes.OK:
			log.Printf("registered as %s at %s", request.Name, request.Endpoint)
			return nil
		case codes.Unavailable:
			log.Printf("the agent does not answer yet: %v", err)
		default:
			return fmt.Errorf("the agent does not let us in: %w", err)
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func run(ctx context.Context) error {
	directory := os.Getenv("DISCOVERY_HANDLERS_DIRECTORY")
	if directory == "" {
		return fmt.Errorf("DISCOVERY_HANDLERS_DIRECTORY: empty (expected: the directory of the agent's socket)")
	}
	request := &pb.RegisterDiscoveryHandlerRequest{
		Name:          handlerName,
		Endpoint:      filepath.Join(directory, handlerName+".sock"),
		EndpointType:  pb.RegisterDiscoveryHandlerRequest_UDS,
		Shared:        true, // every node can reach them
		DetailsSchema: proto.String(schema),
	}
	network, address := "unix", request.Endpoint
	if ip := os.Getenv("POD_IP"); ip != "" {
		network, address = "tcp", net.JoinHostPort(ip, "10000")
		request.EndpointType, request.Endpoint = pb.RegisterDiscoveryHandlerRequest_NETWORK, "http://"+address
	} else if err := os.Remove(address); err != nil && !os.IsNotExist(err) {
		return err
	}
	listener, err := net.Listen(network, address)
	if err != nil {
		return err
	}
	served := &handler{asked: make(chan struct{}, 1)}
	server := grpc.NewServer()
	pb.RegisterDiscoveryHandlerServer(server, served)
	go func() {
		<-ctx.Done()
		server.Stop()
	}()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	for {
		if err := register(ctx, filepath.Join(directory, "agent-registration.sock"), request); err != nil {
			return err
		}
		select {
		case <-served.asked:
		case err := <-failed:
			return err
		}
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil && ctx.Err() == nil {
		log.Fatal(err)
	}
}
