// What can be done with each thing as it stands.

package remote

import "slices"

// Action is something that can be done.
type Action string

// The actions.
const (
	NewDataset   Action = "new_dataset"   // in a project
	Train        Action = "train"         // in a project, or on a dataset: a paid job
	Edit         Action = "edit"          // texts of a project or a model
	Delete       Action = "delete"        // with its consequence
	AddPictures  Action = "add_pictures"  // to a dataset
	EditCaptions Action = "edit_captions" // and the prefix, and removing images
	RecaptionAll Action = "recaption"     // have the service write all captions anew
	Complete     Action = "complete"      // end all changes so that models can be trained on it
	Clone        Action = "clone"         // as a draft
	Rename       Action = "rename"
	Generate     Action = "generate" // pictures, with a model
	Start        Action = "start"    // a model's training, which is paid
	Stop         Action = "stop"     // a model's training
)

// Actions are those that are possible now.
type Actions []Action

// Can reports whether an action is possible.
func (a Actions) Can(do Action) bool { return slices.Contains(a, do) }

// with adds an action where it is possible.
func (a Actions) with(possible bool, do ...Action) Actions {
	if !possible {
		return a
	}
	return append(a, do...)
}

// Actions are what can be done with a listed thing.
func (r *Remote) Actions(h Holdings, key Key) Actions {
	switch key.Kind {
	case KindProject:
		return Actions{NewDataset, Train, Edit, Delete}
	case KindDataset:
		d, _ := h.Dataset(key.ID)
		return r.DatasetActions(d)
	case KindModel:
		m, _ := h.Model(key.ID)
		return r.ModelActions(h, m)
	}
	return nil
}

// DatasetActions are what can be done with a dataset. One whose images aren't
// known is taken to hold enough.
func (r *Remote) DatasetActions(d Dataset) Actions {
	size, known := d.Size()
	open := !d.Completed()
	return Actions{Train, Clone, Rename, Delete}.
		with(open, AddPictures, EditCaptions).
		with(open && (!known || size > 0), RecaptionAll).
		with(open && (!known || size >= r.limits.Min), Complete)
}

// ModelActions are what can be done with a model.
func (r *Remote) ModelActions(h Holdings, m Model) Actions {
	d, known := h.Dataset(m.Dataset)
	asked, _ := r.Trainings.starts.asked(m.ID)
	return Actions{Edit, Delete}.
		with(known, Train).
		with(m.Status == Completed, Generate).
		with(m.Status == Created && !asked && (!known || d.Completed()), Start).
		with(m.Status == InTraining, Stop)
}

// Standing says what there is to know about a model that can't be used yet, or
// never; "" for nothing.
type Standing string

// The standings.
const (
	StartUnread     Standing = "start_unread"     // its training was asked for, and what became of that isn't read yet
	NeedsCompletion Standing = "needs_completion" // its dataset has to be completed first
	NotTrained      Standing = "not_trained"      // its training can be started
	Training        Standing = "training"         // it takes 1 to 3 hours
	BeingStopped    Standing = "being_stopped"
	Ended           Standing = "ended" // it can't be resumed: another model has to be trained
)

// Standing is how a model stands.
func (r *Remote) Standing(h Holdings, m Model) Standing {
	d, known := h.Dataset(m.Dataset)
	_, unread := r.Trainings.starts.asked(m.ID)
	switch m.Status {
	case Created:
		switch {
		case unread:
			return StartUnread
		case known && !d.Completed():
			return NeedsCompletion
		}
		return NotTrained
	case InTraining:
		return Training
	case Stopping:
		return BeingStopped
	case Stopped, Failed:
		return Ended
	}
	return ""
}

// ProjectFields are the keys of the fields of a project that can be edited, as
// the service's call takes them.
func ProjectFields(p Project) []string {
	fields := []string{"project_name", "project_description"}
	switch p.Type {
	case "defined_character":
		return append(fields, "ip_name", "ip_description")
	case "object_variants":
		return append(fields, "ip_description")
	}
	return fields
}

// Warning is what the service's declaration says of an action before it is
// done; "" for nothing.
func (r *Remote) Warning(of Action) string {
	call, known := map[Action]string{
		Start: callStart, Stop: callStop, Complete: callDatasetUpdate, RecaptionAll: callRecaptionAll,
	}[of]
	if !known {
		return ""
	}
	declared, _ := r.service.FindCall(r.service.ID + "/" + call)
	return declared.Consequence
}
