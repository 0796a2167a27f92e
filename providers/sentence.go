// Sentences for people, kept as the English text and what stands in it, apart,
// so that the window can translate them.

package providers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// Sentence is a text for people: English with fmt's verbs, and their
// arguments, each an int64, a float64, a bool, a string or another Sentence.
// Say makes one; its English is the key under which it is translated. It may
// also be a part of a sentence, to be an argument of another.
//
// As JSON it is a plain text where it has no arguments, which is also how it
// is read from what was written before there were any.
type Sentence struct {
	English string
	Args    []any
}

// Say is the sentence of a constant English text and its arguments. An error
// among them that is a Speaker becomes its sentence, any other its text; a
// fmt.Stringer becomes its text. Texts are taken as Shown has them: most come
// from outside. Without arguments the text is taken as it is,
// percent signs included.
func Say(english string, args ...any) Sentence {
	if false {
		_ = fmt.Sprintf(english, args...) // has go vet check the verbs, as the printf check's documentation advises
	}
	said := Sentence{English: english}
	for _, arg := range args {
		said.Args = append(said.Args, argument(arg))
	}
	return said
}

// Plain is a text that nobody translates, such as a service's own words.
func Plain(text string) Sentence { return Sentence{English: Shown(text)} }

// Speaker is an error that keeps its text as a sentence.
type Speaker interface {
	error
	Sentence() Sentence
}

// SentenceOf is what an error says.
func SentenceOf(err error) Sentence {
	if speaker, ok := err.(Speaker); ok { //nolint:errorlint // what wraps a speaker says more than it
		return speaker.Sentence()
	}
	return Plain(err.Error())
}

// Errorf is Say as an error. It wraps the errors among its arguments.
func Errorf(english string, args ...any) error {
	if false {
		_ = fmt.Sprintf(english, args...) // as in Say
	}
	said := &spoken{sentence: Say(english, args...)}
	for _, arg := range args {
		if cause, ok := arg.(error); ok {
			said.causes = append(said.causes, cause)
		}
	}
	return said
}

// spoken is the error that Errorf makes.
type spoken struct {
	sentence Sentence
	causes   []error
}

func (s *spoken) Error() string { return s.sentence.String() }

// Sentence is what the error says.
func (s *spoken) Sentence() Sentence { return s.sentence }

// Unwrap returns the errors that were arguments.
func (s *spoken) Unwrap() []error { return s.causes }

// argument is a value as a Sentence keeps it.
func argument(value any) any {
	switch value := value.(type) {
	case Sentence:
		return value
	case Speaker:
		return value.Sentence()
	case error:
		return Shown(value.Error())
	case fmt.Stringer:
		return Shown(value.String())
	}
	switch v := reflect.ValueOf(value); {
	case v.CanInt():
		return v.Int()
	case v.CanUint():
		return int64(v.Uint())
	case v.CanFloat():
		return v.Float()
	case v.Kind() == reflect.Bool:
		return v.Bool()
	case v.Kind() == reflect.String:
		return Shown(v.String())
	}
	return Shown(fmt.Sprint(value))
}

// String is the sentence in English.
func (s Sentence) String() string {
	return s.In(func(english string) string { return english }, fmt.Sprintf)
}

// In is the sentence in another language. translate gives each English text,
// those of nested sentences too, in that language with the same verbs; %[2]s
// takes the arguments in another order. sprintf is fmt.Sprintf, or one that
// writes numbers as that language does.
func (s Sentence) In(translate func(english string) string, sprintf func(format string, args ...any) string) string {
	if s.English == "" {
		return ""
	}
	text := translate(s.English)
	if len(s.Args) == 0 {
		return Shown(text) // it may have been read from a record that anything was written into
	}
	args := slices.Clone(s.Args)
	for i, arg := range args {
		switch arg := arg.(type) {
		case Sentence:
			args[i] = arg.In(translate, sprintf)
		case string:
			args[i] = Shown(arg)
		}
	}
	return sprintf(text, args...)
}

// IsZero reports whether nothing is said.
func (s Sentence) IsZero() bool { return s.English == "" }

// Or is the sentence, or another one where it says nothing.
func (s Sentence) Or(other Sentence) Sentence {
	if s.IsZero() {
		return other
	}
	return s
}

// Equal reports whether both say the same.
func (s Sentence) Equal(other Sentence) bool { return reflect.DeepEqual(s, other) }

// written is a sentence as JSON.
type written struct {
	Text string       `json:"text"`
	Args []writtenArg `json:"args,omitempty"`
}

// writtenArg is an argument as JSON: a text, a whole number or a bool as it
// is, a sentence as an object, and {"float": "1.5"}, so that each is read back
// as what it was.
type writtenArg struct{ value any }

type writtenFloat struct {
	Float *string `json:"float"`
}

// MarshalJSON writes a plain text where there are no arguments.
func (s Sentence) MarshalJSON() ([]byte, error) {
	if len(s.Args) == 0 {
		return json.Marshal(s.English)
	}
	return json.Marshal(s.written())
}

func (s Sentence) written() written {
	w := written{Text: s.English}
	for _, arg := range s.Args {
		w.Args = append(w.Args, writtenArg{arg})
	}
	return w
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Sentence) UnmarshalJSON(data []byte) error {
	var w written
	target := any(&w)
	if !bytes.HasPrefix(data, []byte("{")) {
		target = &w.Text
	}
	if err := json.Unmarshal(data, target); err != nil {
		return err
	}
	*s = w.sentence()
	return nil
}

func (w written) sentence() Sentence {
	s := Sentence{English: w.Text}
	for _, arg := range w.Args {
		s.Args = append(s.Args, arg.value)
	}
	return s
}

// MarshalJSON writes the argument.
func (a writtenArg) MarshalJSON() ([]byte, error) {
	switch value := a.value.(type) {
	case Sentence:
		return json.Marshal(value.written())
	case float64:
		text := strconv.FormatFloat(value, 'g', -1, 64)
		return json.Marshal(writtenFloat{&text})
	}
	return json.Marshal(a.value)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (a *writtenArg) UnmarshalJSON(data []byte) error {
	if !bytes.HasPrefix(data, []byte("{")) {
		return a.readPlain(data)
	}
	var float writtenFloat
	if err := json.Unmarshal(data, &float); err != nil {
		return err
	}
	if float.Float != nil {
		value, err := strconv.ParseFloat(*float.Float, 64)
		a.value = value
		return err
	}
	var nested written
	err := json.Unmarshal(data, &nested)
	a.value = nested.sentence()
	return err
}

func (a *writtenArg) readPlain(data []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return err
	}
	switch v := value.(type) {
	case json.Number:
		n, err := v.Int64()
		a.value = n
		return err
	case string, bool:
		a.value = v
		return nil
	}
	return errors.New("an argument of a sentence is a text, a number, a bool or an object")
}
