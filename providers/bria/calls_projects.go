// The calls about Bria's projects.

package bria

import (
	"context"

	"github.com/maquette-studio/maquette/providers"
)

func projectCalls() []providers.Call {
	return []providers.Call{
		{
			ID: "bria/projects", Title: "Projects",
			Help: "Lists your organization's projects.",
			Do: checked(func(ctx context.Context, c client, _ providers.Values) (any, error) {
				return get[[]document](ctx, c, "listing projects", projectsPath, nil)
			}),
		},
		{
			ID: "bria/project-create", Title: "Create project", Fields: projectFields(),
			Help: "Creates a project, which holds one character, set or style.",
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				return post[document](ctx, c, "creating the project", projectsPath, v.Payload(projectFields()))
			}, filled("project_name"), checkProject),
		},
		{
			ID: "bria/project", Title: "Project", Fields: []providers.Field{projectID()},
			Help: "Reads one project: its names, its medium, its type.",
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				return get[document](ctx, c, "reading the project", projectPath(v), nil)
			}),
		},
		{
			ID: "bria/project-update", Title: "Change project",
			Help: "Changes a project's texts. Its medium and type stay.",
			Fields: []providers.Field{
				projectID(),
				text("project_name", "Project name", "The new name."),
				emptied(text("project_description", "Project description", "The new note.")),
				text("ip_name", "Character's name", "The new name of the character, 1 to 3 words. Only defined characters have one."),
				text("ip_description", "Description", "The new description, up to 6 words. Only defined characters and object variants have one."),
			},
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				body := some(v, "project_name", "project_description", "ip_name", "ip_description")
				return put[document](ctx, c, "changing the project", projectPath(v), body)
			}, something("project_name", "project_description", "ip_name", "ip_description"), filled("project_name"), checkProject),
		},
		{
			ID: "bria/project-delete", Title: "Delete project", Fields: []providers.Field{projectID()},
			Help:        "Deletes a project with everything in it.",
			Consequence: "Bria deletes the project with all its datasets, pictures and models for good. Pictures that Maquette has kept stay.",
			Do: checked(func(ctx context.Context, c client, v providers.Values) (any, error) {
				err := c.remove(ctx, "deleting the project", projectPath(v))
				return removed(v, "project_id", advised(err, projectGoneAdvice))
			}),
		},
	}
}
