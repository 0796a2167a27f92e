// Finding a trained model again, for a fresh link to its file.

package dreamlook

import (
	"context"

	"github.com/maquette-studio/maquette/providers"
)

// modelLink reads the model's training again, which may have been a job of
// either kind.
func modelLink(ctx context.Context, conn providers.Conn, model providers.Model) (providers.Model, error) {
	if model.RemoteJob == "" {
		return model, gone(providers.Say("It is not known which training at dreamlook.ai made this model, so there is no new link."))
	}
	c := connect(conn)
	training, err := c.job(ctx, dreambooth, model.RemoteJob)
	if notFound(err) {
		training, err = c.job(ctx, both, model.RemoteJob)
	}
	if notFound(err) {
		return model, gone(providers.Say("dreamlook.ai no longer knows the training that made this model."))
	}
	if err != nil {
		return model, err
	}
	found, listed := training.checkpoint(model.RemoteID)
	if !listed || !found.available() || found.URL == "" {
		return model, gone(providers.Say("dreamlook.ai has deleted this model."))
	}
	return describe(found, model), nil
}
