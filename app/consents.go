// The statements of consent that calls take, and those that were recorded.

package app

import (
	"context"
	"strings"
	"sync"

	"github.com/maquette-studio/maquette/app/consent"
	"github.com/maquette-studio/maquette/app/intake"
	"github.com/maquette-studio/maquette/app/jobs"
	"github.com/maquette-studio/maquette/providers"
)

// Consents are all that were recorded, the newest first.
func (s *Studio) Consents() ([]consent.Consent, error) { return consent.List(s.db) }

// consented makes a call's connection record the statement that the order holds before its first request that changes
// something.
func (s *Studio) consented(ctx context.Context, order jobs.Order, conn providers.Conn) providers.Conn {
	plain := conn
	record := sync.OnceValue(func() error { return s.recordConsent(ctx, order, plain) })
	conn.Record = func(request providers.Request) (taken bool, err error) {
		if request.Reads() {
			return false, nil
		}
		return false, record()
	}
	return conn
}

// recordConsent puts the statement on disk for an order that is sent at once, or written down to be sent by others. One
// that was recorded before has to be about the order's photos.
func (s *Studio) recordConsent(ctx context.Context, order jobs.Order, conn providers.Conn) error {
	if task, service, ok := s.Services().Task(order.Task); ok {
		given := consent.New(service.ID, task.ID)
		given.Photos = consent.About(order.Photos)
		return given.Record(s.db)
	}
	call, service, ok := s.Services().Call(order.Task)
	if !ok {
		return providers.Errorf("there is no call %s", order.Task)
	}
	given := consent.New(service.ID, call.ID)
	if err := s.describe(ctx, &given, call.Fields, order.Values); err != nil {
		return err
	}
	if order.Recorded != "" {
		return s.covered(order.Recorded, given)
	}
	if call.Trained != nil {
		// What can't be read stays unnamed: the record holds the ids that the request names.
		names, _ := call.Trained(ctx, conn, order.Values)
		for _, name := range names {
			given.Photos = append(given.Photos, consent.Photo{Name: name})
		}
	}
	return given.Record(s.db)
}

// describe notes the pictures and ids that a call's values hold.
func (s *Studio) describe(ctx context.Context, given *consent.Consent, fields []providers.Field, values providers.Values) error {
	given.Of = map[string]string{}
	for _, field := range fields {
		value := values.Text(field.Key)
		switch {
		case value == "":
		case field.Kind == providers.Image || intake.IsWebURL(value):
			known, err := s.Intake.Known(ctx, value)
			if err != nil {
				return err
			}
			given.Photos = append(given.Photos, consent.Photo(known))
		case strings.HasSuffix(field.Key, "_id"):
			given.Of[field.Key] = value
		}
	}
	return nil
}

// covered refuses photos that a recorded statement isn't about.
func (s *Studio) covered(record string, asked consent.Consent) error {
	for _, p := range asked.Photos {
		covers, err := consent.Covers(s.db, record, asked.Service, p.Hash)
		if err != nil {
			return err
		}
		if !covers {
			return providers.Refusal(consent.Check(true, consent.Given{}))
		}
	}
	return nil
}
